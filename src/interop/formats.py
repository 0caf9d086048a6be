"""Reads the files in a folder with the programs that they are for, and compares them with the JSON.

Usage: formats.py FOLDER IMAGES, as src/interop/run calls it.
"""

import contextlib
import csv
import importlib
import importlib.metadata
import io
import json
import os
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROWS = []
SOURCE = ""  # the folder with the images
TOLERANCE = 1e-3  # pixels; formats round boxes to 3 digits


class Missing(Exception):
    """A program that is not installed."""


def require(module, distribution):
    """Returns the module; its version is in the table."""
    try:
        return importlib.import_module(module), importlib.metadata.version(distribution)
    except ImportError as e:
        raise Missing(f"{distribution} is not installed ({e})") from e


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def close(a, b, tolerance=TOLERANCE):
    return len(a) == len(b) and all(abs(x - y) <= tolerance for x, y in zip(a, b))


def images_of(folder):
    with open(os.path.join(folder, "found.json"), encoding="utf-8") as f:
        return json.load(f)


def decode(mask):
    """COCO's compressed RLE as an array (height, width), without pycocotools."""
    import numpy

    counts = []
    text = mask["counts"].encode()
    at = 0
    while at < len(text):
        value = shift = 0
        more = True
        while more:
            group = text[at] - 48
            value |= (group & 31) << shift
            more = bool(group & 32)
            at += 1
            shift += 5
            if not more and group & 16:
                value |= -1 << shift
        counts.append(value + counts[-2] if len(counts) > 2 else value)
    height, width = mask["size"]
    pixels = numpy.zeros(height * width, bool)
    start = 0
    for i, count in enumerate(counts):
        pixels[start : start + count] = i % 2 == 1
        start += count
    return pixels.reshape(width, height).T


def iou(a, b):
    union = (a | b).sum()
    return (a & b).sum() / union if union else 1.0


def row(name):
    """Runs a check and adds its row to the table."""

    def run(function):
        def wrapped(folder):
            kind = os.path.basename(folder)
            try:
                # The programs print what they do.
                with contextlib.redirect_stdout(io.StringIO()):
                    program, result = function(folder)
                ROWS.append((name, kind, program, result, "ok"))
            except Missing as e:
                ROWS.append((name, kind, str(e), "", "not run"))
            except Exception as e:  # a program's own exception is a difference too
                ROWS.append((name, kind, type(e).__name__, f"{e} {e.__cause__ or ''}"[:300], "FAILED"))

        return wrapped

    return run


@row("NDJSON, CSV")
def plain(folder):
    images = images_of(folder)
    with open(os.path.join(folder, "found.ndjson"), encoding="utf-8") as f:
        check([json.loads(line) for line in f] == images, "lines differ from the list")
    with open(os.path.join(folder, "found.csv"), encoding="utf-8", newline="") as f:
        table = list(csv.DictReader(f))
    expected = [(image["path"], d) for image in images for d in image["detections"]]
    check(len(table) == len(expected), f"{len(table)} rows, {len(expected)} detections")
    for cells, (path, d) in zip(table, expected):
        check(cells["image"] == path and int(cells["class"]) == d["class"], str(cells))
        check([float(cells[k]) for k in ("x1", "y1", "x2", "y2")] == d["box"], str(cells))
    return "Python " + sys.version.split()[0], f"{len(table)} detections"


def xywh(box):
    return [box[0], box[1], box[2] - box[0], box[3] - box[1]]


@row("COCO data set")
def coco_dataset(folder):
    coco, version = require("pycocotools.coco", "pycocotools")
    evaluation, _ = require("pycocotools.cocoeval", "pycocotools")
    images = images_of(folder)
    data = coco.COCO(os.path.join(folder, "dataset.json"))
    check(len(data.getImgIds()) == len(images), "number of images")
    boxes = masks = worst = 0
    results = []
    for image_id, image in zip(sorted(data.getImgIds()), images):
        check(image["path"].endswith(data.loadImgs(image_id)[0]["file_name"]), image["path"])
        annotations = data.loadAnns(data.getAnnIds(image_id))
        check(len(annotations) == len(image["detections"]), image["path"])
        for a, d in zip(annotations, image["detections"]):
            name = data.loadCats(a["category_id"])[0]["name"]
            check(name == d["label"], f"{name} is {d['label']}")
            check(close(a["bbox"], xywh(d["box"])), f"{a['bbox']} is {d['box']}")
            result = {"image_id": image_id, "category_id": a["category_id"], "score": a["score"], "bbox": a["bbox"]}
            if "mask" in d:
                expected = decode(d["mask"])
                check(a["area"] == expected.sum(), "area")
                masks += 1
                if expected.any():
                    worst = max(worst, 1 - iou(data.annToMask(a) > 0, expected))
                result["segmentation"] = d["mask"]
            results.append(result)
            boxes += 1
    measured = evaluation.COCOeval(data, data.loadRes(results), "bbox")
    measured.evaluate()
    measured.accumulate()
    measured.summarize()
    check(measured.stats[0] > 0.999, f"AP against itself {measured.stats[0]:.4f}")
    # Polygons along edges are smoothed; upstream's through centers lose half a pixel in COCO's continuous coordinates.
    limit = 0.35 if os.path.basename(folder) == "centers" else 0.2
    check(worst <= limit, f"a mask differs by {worst:.3f}")
    return f"pycocotools {version}", f"{len(images)} images, {boxes} boxes, AP of itself 1.0" + (
        f", {masks} masks: 1 - IoU up to {worst:.3f}" if masks else ""
    )


@row("COCO results")
def coco_results(folder):
    mask, version = require("pycocotools.mask", "pycocotools")
    with open(os.path.join(folder, "coco.json"), encoding="utf-8") as f:
        results = json.load(f)
    expected = [d for image in images_of(folder) for d in image["detections"]]
    check(len(results) == len(expected), "number of results")
    masks = 0
    for result, d in zip(results, expected):
        check(close(result["bbox"], xywh(d["box"])), f"{result['bbox']} is {d['box']}")
        if "mask" in d:
            check((mask.decode(result["segmentation"]) == decode(d["mask"])).all(), "a mask differs")
            masks += 1
    return f"pycocotools {version}", f"{len(results)} boxes" + (f", {masks} masks equal" if masks else "")


def compare_supervision(dataset, images, key, tolerance):
    import numpy

    names = list(dataset.classes)
    count = single = worst = growth = 0
    found = {key(path): detections for path, _, detections in dataset}
    check(len(found) == len(images), f"{len(found)} images of {len(images)}")
    for image in images:
        detections = found[key(image["path"])]
        # A label of an empty mask is not written.
        expected = [d for d in image["detections"] if "mask" not in d or decode(d["mask"]).any()]
        check(len(detections) == len(expected), f"{image['path']}: {len(detections)} of {len(expected)}")
        for d in expected:
            same = [i for i in range(len(detections)) if names[detections.class_id[i]] == d["label"]]
            if "mask" in d and detections.mask is not None:
                pixels = decode(d["mask"])
                best = max(same, key=lambda i: iou(detections.mask[i], pixels))
                if len(d["polygons"]) == 1:  # a label is one polygon
                    single += 1
                    worst = max(worst, 1 - iou(detections.mask[best], pixels))
                    growth += int(detections.mask[best].sum()) - int(pixels.sum())
            else:
                distance = min(numpy.abs(detections.xyxy[i] - d["box"]).max() for i in same)
                check(distance <= tolerance, f"{image['path']}: a box is {distance:.3f} pixels off")
            count += 1
    text = f"{len(images)} images, {count} objects"
    return text + (f"; {single} masks in one part: 1 - IoU up to {worst:.3f}, {growth:+d} pixels" if single else ""), growth


@row("COCO data set")
def supervision_coco(folder):
    supervision, version = require("supervision", "supervision")
    dataset = supervision.DetectionDataset.from_coco(SOURCE, os.path.join(folder, "dataset.json"))
    check(len(dataset) == len(images_of(folder)), "number of images")
    result, _ = compare_supervision(dataset, without_masks(images_of(folder)), os.path.basename, TOLERANCE)
    return f"supervision {version}", result


def without_masks(images):
    for image in images:
        for d in image["detections"]:
            d.pop("mask", None)
    return images


@row("YOLO folder")
def supervision_yolo(folder):
    supervision, version = require("supervision", "supervision")
    yolo = os.path.join(folder, "yolo")
    images = images_of(folder)
    masked = any("mask" in d for image in images for d in image["detections"])
    dataset = supervision.DetectionDataset.from_yolo(
        os.path.join(yolo, "images"), os.path.join(yolo, "labels"), os.path.join(yolo, "data.yaml"), force_masks=masked
    )
    with open(os.path.join(yolo, "classes.txt"), encoding="utf-8") as f:
        check(f.read().split("\n")[:-1] == list(dataset.classes), "classes.txt")
    # Upstream's labels have boxes in integer pixels.
    result, growth = compare_supervision(dataset, images, os.path.basename, 0.51)
    check(os.path.basename(folder) != "centers" or growth <= 0, f"masks grew: {result}")
    return f"supervision {version}", result


CONFIG = """<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="label" toName="image">{labels}</RectangleLabels>
  <PolygonLabels name="polygon" toName="image">{labels}</PolygonLabels>
</View>"""


@row("Label Studio")
def label_studio(folder):
    interface, version = require("label_studio_sdk.label_interface", "label-studio-sdk")
    converter, _ = require("label_studio_sdk.converter", "label-studio-sdk")
    images = images_of(folder)
    labels = {d["label"] for image in images for d in image["detections"]}
    config = CONFIG.format(labels="".join(f'<Label value="{label}"/>' for label in sorted(labels)))
    with open(os.path.join(folder, "label-studio.json"), encoding="utf-8") as f:
        tasks = json.load(f)
    check([task["data"]["image"] for task in tasks] == [image["path"] for image in images], "images")
    checker = interface.LabelInterface(config)
    regions = 0
    for number, task in enumerate(tasks):
        for prediction in task["predictions"]:
            errors = checker.validate_prediction(prediction, return_errors=True)
            check(not errors, "; ".join(errors))
            regions += len(prediction["result"])
        # A prediction that is accepted becomes an annotation.
        accepted = [{"id": number, "completed_by": 1, "result": p["result"]} for p in task.pop("predictions")]
        task.update(id=number, annotations=accepted)
    masked = any("mask" in d for image in images for d in image["detections"])
    with tempfile.TemporaryDirectory() as out:
        source = os.path.join(out, "tasks.json")
        with open(source, "w", encoding="utf-8") as f:
            json.dump(tasks, f)
        converter.Converter(config, out, download_resources=False).convert_to_coco(source, out, is_dir=False)
        with open(os.path.join(out, "result.json"), encoding="utf-8") as f:
            data = json.load(f)
    check(len(data["annotations"]) == regions, f"{len(data['annotations'])} annotations of {regions} regions")
    if not masked:
        expected = [d for image in images for d in image["detections"]]
        for a, d in zip(data["annotations"], expected):
            check(close(a["bbox"], xywh(d["box"])), f"{a['bbox']} is {d['box']}")
    return f"label-studio-sdk {version}", f"{len(tasks)} tasks, {regions} regions valid and converted to COCO"


@row("CVAT")
def cvat(folder):
    datumaro, version = require("datumaro", "datumaro")
    images = images_of(folder)
    # Datumaro wants the images in the folder, as in CVAT's own exports.
    os.symlink(SOURCE, os.path.join(folder, "cvat", "images"))
    dataset = datumaro.Dataset.import_from(os.path.join(folder, "cvat"), "cvat")
    check(len(dataset) == len(images), f"{len(dataset)} images of {len(images)}")
    names = dataset.categories()[datumaro.AnnotationType.label]
    boxes = masks = 0
    by_name = {os.path.splitext(os.path.relpath(image["path"], SOURCE))[0]: image for image in images}
    for item in dataset:
        image = by_name[item.id]
        expected = [d for d in image["detections"] if "mask" not in d or decode(d["mask"]).any()]
        check(len(item.annotations) == len(expected), f"{item.id}: {len(item.annotations)} of {len(expected)}")
        for a, d in zip(item.annotations, expected):
            check(names[a.label].name == d["label"], f"{names[a.label].name} is {d['label']}")
            if "mask" in d:
                check((a.image.astype(bool) == decode(d["mask"])).all(), f"{item.id}: a mask differs")
                masks += 1
            else:
                check(close([a.x, a.y, a.w, a.h], xywh(d["box"]), 0.01), f"{item.id}: {a.get_bbox()} is {d['box']}")
                boxes += 1
    return f"datumaro {version}", f"{len(images)} images, " + (f"{masks} masks equal" if masks else f"{boxes} boxes")


@row("CVAT, in the schema of its documentation")
def cvat_schema(folder):
    tree = ElementTree.parse(os.path.join(folder, "cvat", "annotations.xml")).getroot()
    check(tree.tag == "annotations" and tree.findtext("version") == "1.1", "head")
    allowed = {
        "box": {"label", "source", "occluded", "xtl", "ytl", "xbr", "ybr", "z_order"},
        "mask": {"label", "source", "occluded", "rle", "left", "top", "width", "height", "z_order"},
    }
    shapes = 0
    for image in tree.iter("image"):
        check(set(image.attrib) == {"id", "name", "width", "height"}, str(image.attrib))
        for shape in image:
            check(set(shape.attrib) == allowed[shape.tag], str(shape.attrib))
            shapes += 1
    return "Python's XML", f"{shapes} shapes"


def table():
    head = ("format", "model", "read by", "result", "")
    widths = [max(len(str(r[i])) for r in ROWS + [head]) for i in range(len(head))]
    for r in [head, tuple("-" * w for w in widths)] + ROWS:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(r, widths)).rstrip())


def main(work, source):
    global SOURCE
    SOURCE = source
    for kind in ("boxes", "edges", "centers"):
        folder = os.path.join(work, kind)
        if not os.path.isdir(folder):
            ROWS.append(("all", kind, "no segmentation checkpoint: SEGMENTATION=best.pt", "", "not run"))
            continue
        for function in (
            plain,
            coco_dataset,
            coco_results,
            supervision_coco,
            supervision_yolo,
            label_studio,
            cvat,
            cvat_schema,
        ):
            function(folder)
    table()
    return 1 if any(r[4] == "FAILED" for r in ROWS) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
