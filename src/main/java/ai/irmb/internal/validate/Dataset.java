package ai.irmb.internal.validate;

import ai.irmb.error.DatasetException;
import ai.irmb.internal.config.DatasetConfig;
import ai.irmb.limit.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Labelled images, as a YAML and text files in YOLO's format name them. Immutable.
 *
 * @param source what to call it in a message
 * @param split which of its splits this is: train, val or test
 * @param names the class names by class id, from 0 without gaps
 * @param images the images of one split, by path, each once
 * @param coco whether it is COCO's own, whose category ids have gaps
 */
public record Dataset(
    String source,
    String split,
    Map<Integer, String> names,
    List<LabeledImage> images,
    boolean coco) {
  private static final String DEFAULT_SPLIT = "val";
  private static final String ELSE_SPLIT = "test";

  /** Copies the map and the list. */
  public Dataset {
    names = Map.copyOf(names);
    images = List.copyOf(images);
  }

  /**
   * {@return the split {@code val} or, where there is none, {@code test}; see {@link #read(Path,
   * String, Limits)}}
   */
  public static Dataset read(Path yaml) {
    DatasetConfig spec = DatasetConfig.read(yaml, Limits.DEFAULTS);
    boolean has = spec.splits().containsKey(DEFAULT_SPLIT);
    boolean hasElse = spec.splits().containsKey(ELSE_SPLIT);
    return read(spec, has || !hasElse ? DEFAULT_SPLIT : ELSE_SPLIT);
  }

  /** {@return a split, under the default limits; see {@link #read(Path, String, Limits)}} */
  public static Dataset read(Path yaml, String split) {
    return read(yaml, split, Limits.DEFAULTS);
  }

  /**
   * {@return a split of a data set}
   *
   * <p>{@code path} in the YAML is absolute or relative to the YAML's own folder; {@code train},
   * {@code val} and {@code test} are each a folder (with those below it), a text file with a image
   * a line (relative to its own folder), or a list of such. The labels of {@code a/images/b/1.jpg}
   * are in {@code a/labels/b/1.txt}; an image without such a file is a background. Hidden files and
   * folders are passed over. Outlines become their boxes.
   *
   * @throws DatasetException if the YAML, the split, a folder or a list is not there or has no
   *     image, or a label is malformed: where upstream leaves such an image out with a warning, the
   *     message names the line
   */
  public static Dataset read(Path yaml, String split, Limits limits) {
    return read(DatasetConfig.read(yaml, limits), split);
  }

  private static Dataset read(DatasetConfig spec, String split) {
    List<LabeledImage> images = new ArrayList<>();
    for (Path file : SplitFiles.in(spec.split(split))) {
      images.add(
          new LabeledImage(file, LabelRows.read(SplitFiles.labelsOf(file), spec.names().size())));
    }
    if (images.isEmpty()) {
      throw new DatasetException(
          spec.source() + ": " + split + ": there are no images in " + spec.split(split));
    }
    boolean coco =
        spec.splits().getOrDefault("val", List.of()).stream()
            .anyMatch(path -> path.endsWith(Path.of("coco", "val2017.txt")));
    return new Dataset(spec.source(), split, spec.names(), images, coco);
  }
}
