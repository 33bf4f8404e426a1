"""Mean and spread of every score over seeds of a preset.

    python seeds.py PRESET [SEEDS]
"""

import shutil
import statistics
import sys

from prepare import cards, learned


def main(preset="demo", seeds="10"):
    scores = {}
    for seed in range(42, 42 + int(seeds)):
        folder = learned(f"preset={preset}&seed={seed}", f"seed-{seed}")
        for model, found in cards(folder).items():
            for score in found["scores"]:
                scores.setdefault((model, score["key"]), []).append((score["value"], score.get("oracle")))
        shutil.rmtree(folder)
        print(f"seed {seed} done", file=sys.stderr, flush=True)
    print("| model | score | mean | spread | least | most | oracle |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for (model, key), values in scores.items():
        found = [value for value, _ in values]
        oracles = [oracle for _, oracle in values if oracle is not None]
        spread = statistics.stdev(found) if len(found) > 1 else 0
        oracle = f"{statistics.mean(oracles):.3f}" if oracles else ""
        print(f"| {model} | {key} | {statistics.mean(found):.3f} | {spread:.3f} | {min(found):.3f} | {max(found):.3f} | {oracle} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
