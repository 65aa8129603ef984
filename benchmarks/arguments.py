"""What a benchmark is asked on its command line."""

import argparse
from dataclasses import dataclass

from benchmarks.table import Kind


@dataclass(frozen=True)
class Given:
    sizes: list[int]
    seconds: float
    only: str

    def wanted(self, kinds: list[Kind]) -> list[Kind]:
        return [each for each in kinds if each.name.startswith(self.only)]


def given(about: str | None) -> Given:
    """`about`: the module's docstring."""
    asked = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--sizes", default="10000,100000", help="reports; the full picture: 10000,100000,1000000"
    )
    asked.add_argument("--seconds", type=float, default=2, help="for each figure")
    asked.add_argument("--only", default="", help="requests whose name begins so")
    said = asked.parse_args()
    return Given([int(each) for each in said.sizes.split(",")], said.seconds, said.only)
