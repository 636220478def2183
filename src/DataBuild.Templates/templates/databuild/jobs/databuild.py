"""What a job needs to speak with DataBuild. No package is needed."""

import json
import os
import pathlib
import sys

_data = pathlib.Path(os.environ["DATABUILD_DATA_ROOT"])
_output = pathlib.Path(os.environ["DATABUILD_OUTPUT_ROOT"])
_messages = pathlib.Path(os.environ["DATABUILD_MESSAGES_FILE"])
_partitions = pathlib.Path(os.environ["DATABUILD_PARTITIONS_FILE"])


class Missing(Exception):
    """Partitions that are not there yet."""

    def __init__(self, refs):
        super().__init__(", ".join(refs))
        self.refs = refs


def run(make):
    """Calls make(ref) for each partition of this run. One that lacks an input is made later, and stops no other."""
    missed = False
    for ref in _partitions.read_text(encoding="utf-8").splitlines():
        try:
            make(ref)
        except Missing as missing:
            _tell(ref, missingDeps={"refs": missing.refs})
            missed = True
    sys.exit(75 if missed else 0)


def inputs(ref, refs):
    """Paths of other partitions. Those that are not there yet are made first, and the job is run again."""
    lacking = [name for name in refs if not (_data / name).exists()]
    if lacking:
        raise Missing(lacking)
    _tell(ref, readDeps={"refs": refs})
    return [_data / name for name in refs]


def output(ref):
    """Where to write a partition."""
    return _output / ref


def _tell(ref, **message):
    with _messages.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"for": [ref], **message}) + "\n")
