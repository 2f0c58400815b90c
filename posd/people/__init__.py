"""Who may act on money: names, roles and PINs."""
