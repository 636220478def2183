"""What every job here has in common: its refs, their inputs and outputs, and an outcome for each of them."""
import json
import os
import pathlib
import sys

COLORS = ["red", "green", "blue", "yellow"]
DATA = pathlib.Path(os.environ["DATABUILD_DATA_ROOT"])
OUTPUT = pathlib.Path(os.environ["DATABUILD_OUTPUT_ROOT"])


class Missing(Exception):
    """Inputs that are not there; the run reports them and goes on with its other refs."""


class Partition:
    def __init__(self, ref):
        self.ref = ref

    def read(self, refs):
        """The text of each of these partitions. One report names all that lack."""
        lacking = [ref for ref in refs if not (DATA / ref).exists()]
        if lacking:
            raise Missing(lacking)
        self.tell(readDeps={"refs": refs})
        return [(DATA / ref).read_text(encoding="utf-8") for ref in refs]

    def write(self, text):
        (OUTPUT / self.ref).write_text(text, encoding="utf-8")

    def tell(self, **message):
        with open(os.environ["DATABUILD_MESSAGES_FILE"], "a", encoding="utf-8") as file:
            file.write(json.dumps({"for": [self.ref], **message}) + "\n")


def run(make):
    """Calls make for each ref of this run; one that lacks an input or fails stops no other."""
    code = 0
    for ref in pathlib.Path(os.environ["DATABUILD_PARTITIONS_FILE"]).read_text(encoding="utf-8").splitlines():
        partition = Partition(ref)
        try:
            make(partition)
            partition.tell(partitionDone={})
        except Missing as missing:
            partition.tell(missingDeps={"refs": missing.args[0]})
            code = code or 75
        except ValueError as error:
            partition.tell(partitionFailed={"reason": str(error)})
            code = 3
    sys.exit(code)
