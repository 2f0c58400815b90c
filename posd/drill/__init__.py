"""The drill: real processes are killed at every moment that matters, and then judged.

`scenarios.py` is what is played, as data; `points.py` where posd is killed; `victim.py` the
daemon that dies; `processes.py` and `box.py` are its box: twins, directory, starts; `strike.py`
kills; `cashier.py` is the shop's people; `play.py` is one run, `lane.py` the runs of one box;
`judge.py` judges; `drill.py` puts runs on two lanes; `report.py` tells.

Rule: the daemon has no switch for it. It dies by a journal that is given to it, or from outside.
"""
