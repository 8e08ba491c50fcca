"""The bench's figures for the README: a plot beside the peers and the whole table, both from one run. `make bench PUBLISH=1`.

The README's part stands between two marks, so that nothing else of it is touched.
"""

import html
import math
import os
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

BEGIN, END = "<!-- figures: make bench PUBLISH=1 -->", "<!-- end of figures -->"
# What the plot says of a program that is no peer but a yardstick: the least that could be done.
YARDSTICKS = {"read1 (C)", "status (C)"}
COMMAND = "make bench PUBLISH=1"


def publish(root, bench, load):
    """Writes plot and table.

    - bench.compared: by comparison, (title, {program: (milliseconds, APDUs)})
    - bench.sections: by section's title, its lines (what, value, unit, target, whether it is met)
    - load: of the machine when the run began; figures beside other work are no figures
    """
    pictures = root / "Docs" / "pictures"
    pictures.mkdir(exist_ok=True)
    (pictures / "bench.svg").write_text(plot(bench.compared), encoding="utf-8")
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"README.md has no place for figures: {BEGIN} … {END}")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    readme.write_text(before + BEGIN + "\n\n" + block(bench, root, load) + "\n" + END + after, encoding="utf-8")


def block(bench, root, load):
    lines = [
        f"`{COMMAND}`，{circumstances(root)}，负载 load {load:.1f}；每个数是中位数。 *Medians of one run.*", "",
        "![读出一把 Key 要多少毫秒 · milliseconds to read a key](Docs/pictures/bench.svg)", ""]
    for title, programs in bench.compared:
        lines += [f"| {title} | ms | APDU |", "|---|---:|---:|"]
        lines += [f"| {name} | {milliseconds:.1f} | {apdus} |" for name, (milliseconds, apdus) in programs.items()]
        lines.append("")
    lines += ["<details><summary>全部数据 · the whole table</summary>", ""]
    for title, rows in bench.sections:
        if not rows:
            continue
        lines += [f"| {title} | | | 目标 · target | |", "|---|---:|---|---|---|"]
        for what, value, unit, target, fine in rows:
            verdict = "" if target is None else "✓" if fine else "**✕**"
            lines.append(f"| {cell(what)} | {value} | {unit} | {cell(target or '')} | {verdict} |")
        lines.append("")
    return "\n".join(lines + ["</details>", ""])


def cell(text):
    return text.replace("|", "\\|")


def circumstances(root):
    revision = subprocess.run(
        ["git", "-C", root, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    model = re.search(r"^model name\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    machine = f"{os.cpu_count()} × {model[1].strip()}" if model else f"{os.cpu_count()} processors"
    day = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    return f"{day}，{revision or 'no commit'}，{machine}"


# The plot

LABELS, BARS, ROW, GAP, MARGIN = 270, 470, 22, 46, 16


def plot(compared):
    """Bars by program, one group a comparison, each group to its own scale; for light and dark pages."""
    parts, y = [], MARGIN
    for title, programs in compared:
        parts.append(f'<text class="title" x="{MARGIN}" y="{y + 15}">{html.escape(title)}</text>')
        y += 26
        longest = max((milliseconds for milliseconds, _ in programs.values()), default=1) or 1
        top, step = scale(longest)
        height = ROW * len(programs)
        for tick in range(0, math.ceil(top / step) + 1):
            x = LABELS + BARS * tick * step / top
            parts.append(f'<line class="grid" x1="{x:.1f}" y1="{y}" x2="{x:.1f}" y2="{y + height}"/>')
            parts.append(f'<text class="tick" x="{x:.1f}" y="{y + height + 14}">{tick * step:g}</text>')
        for name, (milliseconds, apdus) in programs.items():
            kind = "own" if name.startswith("ukey") else "least" if name in YARDSTICKS else "peer"
            width = max(1.0, BARS * milliseconds / top)
            parts.append(f'<text class="name" x="{LABELS - 8}" y="{y + 15}">{html.escape(name)}</text>')
            parts.append(f'<rect class="{kind}" x="{LABELS}" y="{y + 3}" width="{width:.1f}" height="{ROW - 6}"/>')
            parts.append(
                f'<text x="{LABELS + width + 6:.1f}" y="{y + 15}">{milliseconds:.1f} ms · {apdus} APDU</text>')
            y += ROW
        y += GAP
    width = LABELS + BARS + 150
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" role="img">
<title>读出一把 Key 要多少毫秒 · Milliseconds to read a key, by program</title>
<style>
svg{{--ground:#fbfbfa;--ink:#24292e;--grid:#d8dcdf;--own:#0b5394;--peer:#9aa4ad;--least:#c9b37a}}
@media (prefers-color-scheme: dark){{svg{{--ground:#16191d;--ink:#d8dde3;--grid:#333a42;--own:#56b4dd;--peer:#69737d;--least:#8f7c45}}}}
text{{font-family:"DejaVu Sans","Noto Sans CJK SC","WenQuanYi Zen Hei",sans-serif;font-size:12px;fill:var(--ink)}}
.title{{font-size:14px;font-weight:bold}}
.name{{text-anchor:end}}
.tick{{text-anchor:middle;font-size:10px}}
.grid{{stroke:var(--grid)}}
.own{{fill:var(--own)}}
.peer{{fill:var(--peer)}}
.least{{fill:var(--least)}}
.ground{{fill:var(--ground)}}
</style>
<rect class="ground" width="100%" height="100%" rx="8"/>
{chr(10).join(parts)}
</svg>
"""


def scale(longest):
    """The end of the axis and the distance of its ticks: 1, 2 or 5 times a power of ten, three to six of them."""
    power = 10 ** math.floor(math.log10(longest / 3))
    step = next(power * factor for factor in (1, 2, 5, 10) if longest / (power * factor) <= 5)
    return step * math.ceil(longest / step), step
