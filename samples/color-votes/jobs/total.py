"""total/DATE: the votes of a day, over all colours."""
from job import COLORS, run


def make(partition):
    day = partition.ref.removeprefix("total/")
    partition.write(f"{sum(map(int, partition.read([f'daily/{day}/{color}' for color in COLORS])))}\n")


run(make)
