package ai.irmb.internal.validate;

import ai.irmb.error.DatasetException;
import ai.irmb.internal.config.DatasetConfig;
import ai.irmb.internal.validate.LabelFile.Content;
import ai.irmb.limit.Limits;
import ai.irmb.validate.ValidateOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The labeled images of one split of a data set in YOLO's format. Immutable.
 *
 * @param source the data set's name in messages
 * @param names the class names by class id, from 0 without gaps
 * @param images sorted by path, without duplicates
 * @param leftOut the images whose labels cannot be used
 * @param warnings sentences about oddities that leave no image out
 */
public record Dataset(
    String source,
    Map<Integer, String> names,
    List<LabeledImage> images,
    List<LeftOut> leftOut,
    List<String> warnings) {
  private static final String BOXES_ONLY =
      "expected outlines, which the masks of a segmentation model are compared with, found boxes;"
          + " boxesOnly (--boxes-only) measures the boxes alone";

  private static final String DEFAULT_SPLIT = "val";
  private static final String FALLBACK_SPLIT = "test";

  /**
   * An image that is not measured.
   *
   * @param file the image
   * @param reason a sentence that names the label file, and the line if there is one
   */
  public record LeftOut(Path file, String reason) {}

  /** Copies the map and the lists. */
  public Dataset {
    names = Map.copyOf(names);
    images = List.copyOf(images);
    leftOut = List.copyOf(leftOut);
    warnings = List.copyOf(warnings);
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
   * <p>{@code path} in the YAML is absolute, or relative to the YAML's folder, the folder above it
   * or the working folder. {@code train}, {@code val} and {@code test} are each a folder (with its
   * subfolders), a text file with one image per line (relative to its own folder or the working
   * folder), or a list of these. The labels of {@code a/images/b/1.jpg} are in {@code
   * a/labels/b/1.txt}; an image without that file is a background image. Hidden files and folders
   * are ignored. The box of an outline is its bounding box.
   *
   * @param masks whether masks are measured, so that labels have to be outlines
   * @throws DatasetException if the YAML, the split, a folder or a list does not exist or has no
   *     image, or masks are measured and all labels are boxes; with {@link ValidateOptions#strict}
   *     also if a label is malformed
   */
  public static Dataset read(Path yaml, ValidateOptions options, boolean masks, Limits limits) {
    DatasetConfig config = DatasetConfig.read(yaml, limits);
    String split = options.split() == null ? defaultSplit(config) : options.split();
    List<LabeledImage> images = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    List<String> warnings = new ArrayList<>(config.warnings());
    boolean hasAnyOutlines = false;
    for (Path file : SplitFiles.images(config.split(split))) {
      try {
        Path labels = SplitFiles.labelFile(file);
        Content content = LabelFile.read(labels, config.names().size());
        boolean hasOutlines = !content.outlines().isEmpty();
        hasAnyOutlines |= hasOutlines;
        if (masks && !hasOutlines && !content.labels().isEmpty()) {
          throw new DatasetException(labels + ": " + BOXES_ONLY);
        }
        images.add(
            new LabeledImage(file, content.labels(), masks ? content.outlines() : List.of()));
        warnings.addAll(content.warnings());
      } catch (DatasetException e) {
        if (options.strict()) {
          throw e;
        }
        leftOut.add(new LeftOut(file, String.valueOf(e.getMessage())));
      }
    }
    LeftOut first = leftOut.isEmpty() ? null : leftOut.get(0);
    if (!hasAnyOutlines && first != null && first.reason().endsWith(BOXES_ONLY)) {
      throw new DatasetException(first.reason());
    }
    if (images.isEmpty() && leftOut.isEmpty()) {
      throw new DatasetException(
          config.source() + ": " + split + ": there are no images in " + config.split(split));
    }
    return new Dataset(config.source(), config.names(), images, leftOut, warnings);
  }
}
