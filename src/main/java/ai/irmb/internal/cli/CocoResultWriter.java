package ai.irmb.internal.cli;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.internal.config.DatasetConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes what a validation finds as COCO's protocol reads results: one JSON list, as it comes, so
 * that nothing is kept. An image's id is the number that its file is named by or, failing that, its
 * name without the ending, as upstream has it. Not safe for concurrent use.
 */
final class CocoResultWriter {
  /** Of COCO's category ids 1 to 90, those that no image uses. */
  private static final Set<Integer> UNUSED = Set.of(12, 26, 29, 30, 45, 66, 68, 69, 71, 83);

  private final JsonArrayWriter list;
  private final boolean coco;

  /**
   * @param file is written and finished, but stays the caller's to close
   * @param coco whether classes get COCO's own category ids
   */
  CocoResultWriter(AtomicTextFile file, boolean coco) {
    this.list = new JsonArrayWriter(file, ",\n");
    this.coco = coco;
  }

  /** {@return whether a data set is COCO's own, whose category ids have gaps} */
  static boolean isCoco(DatasetConfig config) {
    return config.splits().getOrDefault("val", List.of()).stream()
        .anyMatch(path -> path.endsWith(Path.of("coco", "val2017.txt")));
  }

  /** Adds the detections of an image. */
  void add(Path image, Detections detections) throws IOException {
    String name = String.valueOf(image.getFileName());
    String stem = name.substring(0, name.lastIndexOf('.'));
    Object id = CocoResult.imageId(stem, stem);
    for (Detection d : detections) {
      int category = coco ? category(d.classId()) : d.classId();
      Box b = d.box();
      Map<String, Object> row =
          CocoResult.of(id, category, b.x1(), b.y1(), b.width(), b.height(), d.confidence());
      if (d.mask() != null) {
        row.put("segmentation", JsonOutput.runs(d.mask()));
      }
      list.add(row);
    }
  }

  /** {@return COCO's id of the class: its ids start at 1 and have gaps} */
  static int category(int classId) {
    int id = 0;
    for (int left = classId; left >= 0; left--) {
      do {
        id++;
      } while (UNUSED.contains(id));
    }
    return id;
  }

  void finish() throws IOException {
    list.finish();
  }
}
