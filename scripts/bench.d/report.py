"""Figures, goals and tables, as text and as Markdown."""
import math
import statistics
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

BEGIN, END = "<!-- figures: begin (written by scripts/bench --markdown) -->", "<!-- figures: end -->"


@dataclass
class Goal:
    """A figure beside what was wanted of it. `met` None: not comparable in this run."""

    what: str
    figure: str
    wanted: str
    met: bool | None

    def verdict(self) -> str:
        return {True: "PASS", False: "MISS", None: "-"}[self.met]


@dataclass
class Section:
    """One phase: its table, the goals it decides, and remarks."""

    title: str
    headers: list[str]
    rows: list[list[str]]
    goals: list[Goal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @staticmethod
    def failed(name: str, reason: str) -> "Section":
        return Section(f"{name}: not measured", [], [], [], [reason.splitlines()[0]])


def median(values: list[float]) -> float:
    return statistics.median(values)


def percentile(values: list[float], share: float) -> float:
    """By nearest rank: always a value that was measured."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def milliseconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1e3:.1f} ms"


def megabytes(size: float) -> str:
    return f"{size / 1e6:.1f} MB"


def ratio_goals(what: str, figures: dict[str, float], limit: float, higher_is_better: bool = False) -> list[Goal]:
    """Slipway against OpenSSH, once with the client's defaults and once with curve25519 named for both."""
    goals = []
    for ours, theirs, words in (("slipway", "openssh", "client's defaults"),
                                ("slipway-curve25519", "openssh-curve25519", "curve25519 for both")):
        if ours in figures and theirs in figures:
            ratio = figures[ours] / figures[theirs]
            met = ratio >= limit if higher_is_better else ratio <= limit
            goals.append(Goal(f"{what}, slipway / OpenSSH, {words}", f"{ratio:.2f}×",
                              f"{'≥' if higher_is_better else '≤'} {limit:g}×", met))
    return goals


def table(headers: list[str], rows: list[list[str]], markdown: bool) -> list[str]:
    widths = [max(len(line[column]) for line in [headers, *rows]) for column in range(len(headers))]

    def row(cells: list[str]) -> str:
        padded = [cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:]))]
        return "| " + " | ".join(padded) + " |" if markdown else "  ".join(padded).rstrip()

    rule = "|" + "|".join("-" * (width + 1) + ("-" if column == 0 else ":") for column, width in enumerate(widths)) + "|"
    return [row(headers), rule if markdown else "  ".join("-" * width for width in widths), *(row(cells) for cells in rows)]


def body(facts: list[tuple[str, str]], sections: list[Section], markdown: bool) -> str:
    heading = "## {}" if markdown else "\n{}"
    gap = [""] if markdown else []
    lines = [f"- {name}: {value}" if markdown else f"{name + ':':<16}{value.strip('`')}" for name, value in facts] + gap
    goals = [goal for section in sections for goal in section.goals]
    if goals:
        lines += [heading.format("Goals"), *gap]
        lines += table(["what", "figure", "goal", ""], [[g.what, g.figure, g.wanted, g.verdict()] for g in goals], markdown) + gap
    for section in sections:
        lines += [heading.format(section.title), *gap]
        if section.rows:
            lines += table(section.headers, section.rows, markdown) + gap
        for remark in section.remarks:
            lines += [remark, ""] if markdown else textwrap.wrap(remark, 118, break_on_hyphens=False)
    return "\n".join(lines).rstrip() + "\n"


def text(facts, sections) -> str:
    return body(facts, sections, markdown=False)


def write_markdown(file: Path, facts, sections) -> None:
    """Replaces the figures between the markers and leaves the words around them; a file without markers is made anew."""
    figures = f"{BEGIN}\n{body(facts, sections, markdown=True)}{END}"
    before, after = "# Benchmarks\n\n", "\n"
    if file.exists():
        old = file.read_text()
        if BEGIN in old and END in old:
            before, after = old[:old.index(BEGIN)], old[old.index(END) + len(END):]
    file.write_text(before + figures + after)
