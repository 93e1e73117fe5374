#!/usr/bin/env python3
"""Plays the recordings as replay.py does, and looks closer at the bodies.

    shapes.py FOLDER [options of replay.py]

FOLDER holds replay.py and the recordings. Of every step whose status and code are right, the
elements of a refusal must be those recorded, in their order, with the header or parameter that they
name; and what stands in the elements of any other XML body must come in the recorded order. Prints
the report of replay.py, and what differs to stderr. Exit status 1 where more than one body in a hundred does.
"""
import collections
import os
import sys
import threading

sys.dont_write_bytecode = True
FOLDER = os.path.abspath(sys.argv.pop(1))
sys.path.insert(0, FOLDER)
import replay  # noqa: E402

# Elements whose children come in an order of their own, by name or by time.
LISTS = {"Blobs", "Containers", "Metadata", "SignedIdentifiers", "CommittedBlocks", "UncommittedBlocks", "PageList",
         "TagSet"}
# What a refusal tells of the request; all else in it is an id, a time or a sum.
TOLD = {"Code", "HeaderName", "QueryParameterName", "LineNumber", "LinePosition", "Reason"}

answers, lock = [], threading.Lock()
play = replay.Player.play


def remembering(player, step):
    answer = play(player, step)
    with lock:
        answers.append((player.run.id, step, answer))
    return answer


def differences(step, answer):
    """Texts of what differs between a recorded body and the one that came."""
    recorded = replay.content(step["response"])
    if answer.status != step["status"] or not recorded or step["request"]["method"] == "HEAD":
        return []
    old, new = replay.parse(recorded), replay.parse(answer.body)
    if old is None:
        return []
    if new is None:
        return ["no XML"]
    return refusal(old, new) if answer.status >= 300 else list(orders(old, new, old.tag))


def refusal(old, new):
    if old.findtext("Code") != new.findtext("Code"):
        return []  # replay.py counts it
    names = [[child.tag for child in tree] for tree in (old, new)]
    if names[0] != names[1]:
        return ["%s: %s → %s" % (old.findtext("Code"), *names)]
    return ["%s: %s %s → %s" % (old.findtext("Code"), a.tag, a.text, b.text)
            for a, b in zip(old, new) if a.tag in TOLD and (a.text or "") != (b.text or "")]


def orders(old, new, path):
    """Elements that both have must stand in one order; of several with a name, the first counts."""
    names = [list(dict.fromkeys(child.tag for child in tree)) for tree in (old, new)]
    both = [[name for name in mine if name in other] for mine, other in (names, names[::-1])]
    if both[0] != both[1] and old.tag not in LISTS:
        yield "%s: %s → %s" % (path, *both)
    for name in both[0]:
        yield from orders(old.find(name), new.find(name), path + "/" + name)


def main():
    replay.Player.play = remembering
    replay.__file__ = os.path.join(FOLDER, "replay.py")
    status = replay.main()
    found, examples, bodies, others = collections.Counter(), {}, 0, 0
    for run, step, answer in answers:
        texts = differences(step, answer)
        bodies += bool(answer.body)
        others += bool(texts)
        for text in texts:
            found[step["op"], text] += 1
            examples.setdefault((step["op"], text), run)
    for (op, text), count in found.most_common():
        print("%4d %s %s [%s]" % (count, op, text, examples[op, text]), file=sys.stderr)
    print("bodies of the recorded shape: %d/%d" % (bodies - others, bodies), file=sys.stderr)
    return 1 if others * 100 > bodies else status


if __name__ == "__main__":
    sys.exit(main())
