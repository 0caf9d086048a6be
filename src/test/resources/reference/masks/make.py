"""Writes masks.npz: masks by upstream's two rules, computed by PyTorch and OpenCV from the rules' definitions.

Run with PyTorch 1.13 and OpenCV 4.6: python3 make.py
"""

import cv2
import numpy as np
import torch
from torch.nn.functional import interpolate

torch.manual_seed(7)
torch.set_num_threads(1)


def values(prototypes, coefficients):
    count, height, width = prototypes.shape
    return (coefficients @ prototypes.view(count, -1)).sigmoid().view(-1, height, width)


def cropped(maps, boxes):
    columns = torch.arange(maps.shape[2], dtype=torch.float32)
    rows = torch.arange(maps.shape[1], dtype=torch.float32)
    out = torch.zeros_like(maps)
    for i, (x1, y1, x2, y2) in enumerate(boxes):
        inside = ((rows >= y1) & (rows < y2))[:, None] & ((columns >= x1) & (columns < x2))[None]
        out[i][inside] = maps[i][inside]
    return out


def grown(maps, size):
    return interpolate(maps[None], size, mode="bilinear", align_corners=False)[0]


def unpadded(map_size, picture_size):
    """Rows and columns of a map that show the picture."""
    (mh, mw), (h, w) = map_size, picture_size
    gain = min(mh / h, mw / w)
    x, y = (mw - w * gain) / 2, (mh - h * gain) / 2
    return slice(int(y), int(mh - y)), slice(int(x), int(mw - x))


def standard(prototypes, coefficients, boxes, input_size, picture_size):
    scale = [prototypes.shape[2] / input_size[1], prototypes.shape[1] / input_size[0]]
    small = torch.stack([boxes[:, i] * scale[i % 2] for i in range(4)], 1)
    maps = grown(cropped(values(prototypes, coefficients), small), input_size) > 0.5
    rows, columns = unpadded(input_size, picture_size)
    return [cv2.resize(m.numpy().astype(np.uint8)[rows, columns], picture_size[::-1]) for m in maps]


def retina(prototypes, coefficients, boxes, picture_size):
    rows, columns = unpadded(prototypes.shape[1:], picture_size)
    maps = grown(values(prototypes, coefficients)[:, rows, columns], picture_size)
    return [m.numpy().astype(np.uint8) for m in cropped(maps, boxes.round()) > 0.5]


def on_picture(boxes, input_size, picture_size):
    (ih, iw), (h, w) = input_size, picture_size
    gain = min(ih / h, iw / w)
    out = boxes.clone()
    for i, pad, most in ((0, (iw - w * gain) / 2, w), (1, (ih - h * gain) / 2, h)):
        out[:, i::2] = ((out[:, i::2] - pad) / gain).clamp(0, most)
    return out


def runs(mask):
    flat = mask.T.reshape(-1)
    changes = np.flatnonzero(np.diff(np.concatenate([[0], flat]))) if flat.size else []
    return np.diff(np.concatenate([[0], changes, [flat.size]])).astype(np.float32)


arrays = {}
CASES = [  # input height and width, picture height and width
    ((128, 160), (187, 250)),
    ((96, 160), (40, 75)),
    ((160, 160), (301, 101)),
    ((96, 128), (96, 128)),
    ((96, 128), (48, 64)),
    ((64, 128), (33, 1000)),
]
for number, (input_size, picture_size) in enumerate(CASES):
    size = (input_size[0] // 4, input_size[1] // 4)
    # Few distinct values, so that they compress.
    prototypes = (grown(torch.randn(6, size[0] // 3, size[1] // 3), size) * 32).round() / 32
    coefficients = 3 * torch.randn(9, 6)
    ih, iw = input_size
    corners = torch.rand(9, 4) * torch.tensor([iw, ih, iw, ih])
    boxes = torch.stack(
        [
            torch.minimum(corners[:, 0], corners[:, 2]),
            torch.minimum(corners[:, 1], corners[:, 3]),
            torch.maximum(corners[:, 0], corners[:, 2]),
            torch.maximum(corners[:, 1], corners[:, 3]),
        ],
        1,
    )
    boxes[0] = torch.tensor([-20.0, -9.0, iw + 30.0, ih + 4.0])
    boxes[1] = torch.tensor([iw / 2, ih / 2, iw / 2 + 0.5, ih / 2 + 0.5])
    pictured = on_picture(boxes, input_size, picture_size)
    made = {
        "standard": standard(prototypes, coefficients, boxes, input_size, picture_size),
        "retina": retina(prototypes, coefficients, pictured, picture_size),
    }
    arrays[f"{number}/sizes"] = np.array([*input_size, *picture_size], np.float32)
    arrays[f"{number}/prototypes"] = prototypes.numpy()
    arrays[f"{number}/coefficients"] = coefficients.numpy()
    arrays[f"{number}/boxes"] = boxes.numpy()
    arrays[f"{number}/pictured"] = pictured.numpy()
    for rule, masks in made.items():
        for i, mask in enumerate(masks):
            arrays[f"{number}/{rule}{i}"] = runs(mask)
np.savez_compressed("masks.npz", **arrays)
