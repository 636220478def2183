"""leader/DATE: the colour with the most votes of the week up to that day, and its lead over the second."""
from job import COLORS, run


def make(partition):
    day = partition.ref.removeprefix("leader/")
    votes = partition.read([f"week/{day}/{color}" for color in COLORS])
    # Of two with equal votes the first in the list of colours leads: the same inputs give the same bytes.
    ranked = sorted(zip(map(int, votes), COLORS), key=lambda entry: -entry[0])
    partition.write(f"{ranked[0][1]} {ranked[0][0] - ranked[1][0]}\n")


run(make)
