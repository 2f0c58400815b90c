"""Who may act on money: names, roles and PINs.

`desk.PeopleDesk` says who a name and a PIN are; `store` keeps the list, `pins` the hashes,
`lockouts` the wrong tries. The one rule: a PIN is compared and forgotten, nothing here keeps it.
"""
