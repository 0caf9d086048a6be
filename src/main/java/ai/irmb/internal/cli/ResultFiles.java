package ai.irmb.internal.cli;

import ai.irmb.PolygonMode;
import ai.irmb.WriteOptions;
import ai.irmb.format.TextFormat;
import ai.irmb.internal.file.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The files and data sets that {@code detect} writes, and the options of their formats. */
final class ResultFiles {
  @Mixin private final JsonOption json = new JsonOption();

  @Option(
      names = "--ndjson",
      paramLabel = "FILE",
      description = "Write JSON with one line per image, at once; - is standard output.")
  private @Nullable OutputFile ndjson;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Write the detections as CSV, one row per detection; - is standard output.")
  private @Nullable OutputFile csv;

  @Mixin private final CocoOption coco = new CocoOption();

  @Option(
      names = "--coco-categories",
      description = "With --coco: the category ids of the COCO data set, 1 to 90.")
  private boolean cocoCategories;

  @Option(
      names = "--coco-dataset",
      paramLabel = "FILE",
      description = "Write images, annotations and categories as a data set in COCO's format.")
  private @Nullable OutputFile cocoDataset;

  @Option(
      names = "--label-studio",
      paramLabel = "FILE",
      description = "Write tasks with predictions for Label Studio.")
  private @Nullable OutputFile labelStudio;

  @Option(
      names = "--cvat",
      paramLabel = "FILE",
      description = "Write annotations for CVAT, in its XML for images.")
  private @Nullable OutputFile cvat;

  @Option(
      names = "--yolo",
      paramLabel = "DIR",
      description = "Write a data set in YOLO's format: images, labels, lists and data.yaml.")
  private @Nullable Path yolo;

  @Option(
      names = "--polygons",
      paramLabel = "MODE",
      defaultValue = "edges",
      description =
          "Polygons of masks: edges, along the pixels' edges, or centers, as upstream has them"
              + " (default: edges).")
  private PolygonMode polygons = WriteOptions.DEFAULTS.polygons();

  /** {@return the options of the formats} */
  WriteOptions options() {
    return WriteOptions.DEFAULTS.withPolygons(polygons).withCocoCategories(cocoCategories);
  }

  /** {@return whether each image is written as JSON, instead of lines for people} */
  boolean isJson() {
    return json.file != null || ndjson != null;
  }

  /** {@return the folder of the data set, or null} */
  @Nullable Path yolo() {
    return yolo;
  }

  private Map<TextFormat, OutputFile> files() {
    Map<TextFormat, OutputFile> files = new LinkedHashMap<>();
    put(files, TextFormat.JSON, json.file);
    put(files, TextFormat.NDJSON, ndjson);
    put(files, TextFormat.CSV, csv);
    put(files, TextFormat.COCO_RESULTS, coco.file);
    put(files, TextFormat.COCO_DATASET, cocoDataset);
    put(files, TextFormat.LABEL_STUDIO, labelStudio);
    put(files, TextFormat.CVAT, cvat);
    return files;
  }

  private static void put(
      Map<TextFormat, OutputFile> files, TextFormat format, @Nullable OutputFile file) {
    if (file != null) {
      files.put(format, file);
    }
  }

  /** Opens the outputs and adds them to a list, which closes them. */
  void open(List<Output> outputs, Console console) throws IOException {
    for (Map.Entry<TextFormat, OutputFile> each : files().entrySet()) {
      TextTarget target = TextTarget.open(each.getValue(), console);
      outputs.add(new FormatOutput(each.getKey(), target, options()));
    }
    if (yolo != null) {
      // Fails before the work if this is no folder.
      Files.createDirectories(yolo);
      outputs.add(new YoloFolderOutput(yolo, options()));
    }
  }

  /** {@return the names of what is written} */
  List<String> names() {
    List<String> names = new ArrayList<>(files().values().stream().map(OutputFile::name).toList());
    if (yolo != null) {
      names.add(FileNames.text(yolo));
    }
    return names;
  }
}
