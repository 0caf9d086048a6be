"""Writes outlines.txt: random outlines filled by OpenCV's fillPoly. 4.6 and 5.0 give the same.

Each line: width, height, the pixels as bits in hexadecimal digits, x and y of each corner.
Run with OpenCV: python3 make_outlines.py
"""

import random

import cv2
import numpy as np

random.seed(7)
lines = []
for _ in range(240):
    width, height = random.randint(1, 40), random.randint(1, 40)
    count = random.randint(1, 14)
    corners = [(random.randrange(width), random.randrange(height)) for _ in range(count)]
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, np.array([corners], np.int32), 1)
    bits = np.packbits(mask.ravel(), bitorder="little").tobytes().hex()
    lines.append(f"{width} {height} {bits} " + " ".join(f"{x} {y}" for x, y in corners))
with open("outlines.txt", "w") as out:
    out.write("\n".join(lines) + "\n")
