"""The parallel proof: processes that do everything to a few customers at once, some killed.

`python -m tests.orders.hammer --seconds 180 --processes 16` is the long one; the tests run a short
one, and prove that a seeded fault is found.

* `blows` what a process does, at random
* `run` the processes: started, killed, replaced, watched
* `trace` every change in the order in which the locks let it happen
* `replay` the same history worked out again, by somebody who knows nothing of the product's code
* `books` what must hold of the rows at any moment
* `faults` what is broken on purpose, to show that the proof finds it
"""
