package ai.irmb.validate;

import ai.irmb.error.DataSetException;
import ai.irmb.limit.Limits;
import ai.irmb.spec.DataSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Labelled pictures, as a YAML and text files in YOLO's format name them. Immutable.
 *
 * @param source what to call it in a message
 * @param split which of its splits this is: train, val or test
 * @param names the class names by class id, from 0 without gaps
 * @param pictures the pictures of one split, by path, each once
 * @param coco whether it is COCO's own, whose category ids have gaps
 */
public record DataSet(
    String source,
    String split,
    Map<Integer, String> names,
    List<LabelledPicture> pictures,
    boolean coco) {
  private static final String DEFAULT_SPLIT = "val";
  private static final String ELSE_SPLIT = "test";

  /** Copies the map and the list. */
  public DataSet {
    names = Map.copyOf(names);
    pictures = List.copyOf(pictures);
  }

  /**
   * {@return the split {@code val} or, where there is none, {@code test}; see {@link #read(Path,
   * String, Limits)}}
   */
  public static DataSet read(Path yaml) {
    DataSpec spec = DataSpec.read(yaml, Limits.DEFAULTS);
    boolean has = spec.splits().containsKey(DEFAULT_SPLIT);
    boolean hasElse = spec.splits().containsKey(ELSE_SPLIT);
    return read(spec, has || !hasElse ? DEFAULT_SPLIT : ELSE_SPLIT);
  }

  /** {@return a split, under the default limits; see {@link #read(Path, String, Limits)}} */
  public static DataSet read(Path yaml, String split) {
    return read(yaml, split, Limits.DEFAULTS);
  }

  /**
   * {@return a split of a data set}
   *
   * <p>{@code path} in the YAML is absolute or relative to the YAML's own folder; {@code train},
   * {@code val} and {@code test} are each a folder (with those below it), a text file with a
   * picture a line (relative to its own folder), or a list of such. The labels of {@code
   * a/images/b/1.jpg} are in {@code a/labels/b/1.txt}; a picture without such a file is a
   * background. Hidden files and folders are passed over. Outlines become their boxes.
   *
   * @throws DataSetException if the YAML, the split, a folder or a list is not there or has no
   *     picture, or a label is malformed: where upstream leaves such a picture out with a warning,
   *     the message names the line
   */
  public static DataSet read(Path yaml, String split, Limits limits) {
    return read(DataSpec.read(yaml, limits), split);
  }

  private static DataSet read(DataSpec spec, String split) {
    List<LabelledPicture> pictures = new ArrayList<>();
    for (Path file : SplitFiles.in(spec.split(split))) {
      pictures.add(
          new LabelledPicture(
              file, LabelRows.read(SplitFiles.labelsOf(file), spec.names().size())));
    }
    if (pictures.isEmpty()) {
      throw new DataSetException(
          spec.source() + ": " + split + ": there are no pictures in " + spec.split(split));
    }
    boolean coco =
        spec.splits().getOrDefault("val", List.of()).stream()
            .anyMatch(path -> path.endsWith(Path.of("coco", "val2017.txt")));
    return new DataSet(spec.source(), split, spec.names(), pictures, coco);
  }
}
