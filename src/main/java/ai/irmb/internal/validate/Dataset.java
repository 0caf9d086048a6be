package ai.irmb.internal.validate;

import ai.irmb.error.DatasetException;
import ai.irmb.internal.config.DatasetConfig;
import ai.irmb.limit.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The labeled images of one split of a data set in YOLO's format. Immutable.
 *
 * @param source the data set's name in messages
 * @param names the class names by class id, from 0 without gaps
 * @param images sorted by path, without duplicates
 */
public record Dataset(String source, Map<Integer, String> names, List<LabeledImage> images) {
  private static final String DEFAULT_SPLIT = "val";
  private static final String FALLBACK_SPLIT = "test";

  /** Copies the map and the list. */
  public Dataset {
    names = Map.copyOf(names);
    images = List.copyOf(images);
  }

  /** {@return {@code val} or, if the data set has only that, {@code test}} */
  public static String defaultSplit(DatasetConfig config) {
    boolean hasDefault = config.splits().containsKey(DEFAULT_SPLIT);
    boolean hasFallback = config.splits().containsKey(FALLBACK_SPLIT);
    return hasDefault || !hasFallback ? DEFAULT_SPLIT : FALLBACK_SPLIT;
  }

  /**
   * {@return a split of a data set}
   *
   * <p>{@code path} in the YAML is absolute or relative to the YAML's own folder. {@code train},
   * {@code val} and {@code test} are each a folder (with its subfolders), a text file with one
   * image per line (relative to its own folder), or a list of these. The labels of {@code
   * a/images/b/1.jpg} are in {@code a/labels/b/1.txt}; an image without that file is a background
   * image. Hidden files and folders are ignored. Outlines become their bounding boxes.
   *
   * @param split {@code train}, {@code val} or {@code test}; null for {@link #defaultSplit}
   * @throws DatasetException if the YAML, the split, a folder or a list does not exist or has no
   *     image, or a label is malformed: YOLOv5 leaves such an image out with a warning, here the
   *     message names the line
   */
  public static Dataset read(Path yaml, @Nullable String split, Limits limits) {
    DatasetConfig config = DatasetConfig.read(yaml, limits);
    String name = split == null ? defaultSplit(config) : split;
    List<LabeledImage> images = new ArrayList<>();
    for (Path file : SplitFiles.images(config.split(name))) {
      images.add(
          new LabeledImage(
              file, LabelFile.read(SplitFiles.labelFile(file), config.names().size())));
    }
    if (images.isEmpty()) {
      throw new DatasetException(
          config.source() + ": " + name + ": there are no images in " + config.split(name));
    }
    return new Dataset(config.source(), config.names(), images);
  }
}
