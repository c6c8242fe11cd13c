"""Telling a world what happened: in order, or all at once from many connections."""

import multiprocessing
from collections import Counter
from functools import partial

from django.db import connections
from django.db.utils import OperationalError

from orders.events.lifecycle import take_event
from orders.models import Order
from tests.orders.events import lives


def everything(lived, counts):
    """Each thing that happens, oldest first: (kind, life or None, message or None)."""
    told = [("told", None, message) for message in counts]
    for life in lived:
        told += [(lives.ENTERED, life, None), (lives.SUBMITTED, life, None)]
        told += [("told", life, message) for message in life.messages]
    return told


def shuffled(things, random, *, again=0.3):
    """Some of the things twice, and all of them in an order of their own.

    An order is submitted after it was entered; everything else comes whenever it likes.
    """
    messages = [thing for thing in things if thing[0] == "told"]
    things = things + [thing for thing in messages if random.random() < again]
    random.shuffle(things)
    # Orders are submitted somewhere after they are entered, or nobody could.
    entered = [place for place, thing in enumerate(things) if thing[0] != "told"]
    begun = sorted((things[place] for place in entered), key=lambda thing: thing[0])
    for place, thing in zip(entered, begun, strict=True):
        things[place] = thing
    return things


def do(world, thing):
    """Let one thing happen; how it went."""
    kind, life, message = thing
    if kind == lives.ENTERED:
        world.enter(life)
    elif kind == lives.SUBMITTED:
        try:
            world.submit(life)
        except Order.DoesNotExist:
            return "later"
    else:
        answer = take_event(**world.told(message))
        return "again" if answer.again else answer.event.state
    return kind


def side_by_side(world, things, *, count=2):
    """Two connections tell all things in order, each those of its own orders; how they went."""
    shares = [[] for _ in range(count)]
    for thing in things:
        life = thing[1]
        shares[life.number % count if life else 0].append(thing)
    return _told(world, shares)


def from_many(world, things, *, count=8):
    """Each connection, in a process of its own, tells its share of the things; how they went.

    What cannot be done yet, such as submitting an order that is not entered, is done later.
    """
    return _told(world, [things[place::count] for place in range(count)])


def _told(world, shares):
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(len(shares)) as pool:
        told = pool.map(partial(_share, world), shares)
    return sum(told, Counter())


def _share(world, things):
    connections.close_all()
    told, later = Counter(), list(things)
    while later:
        again = []
        for thing in later:
            try:
                how = do(world, thing)
            except OperationalError as error:
                how = f"database: {str(error).splitlines()[0]}"
            if how == "later":
                again.append(thing)
            else:
                told[how] += 1
        later = again
    connections.close_all()
    return told
