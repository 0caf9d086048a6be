package ai.irmb;

import static java.util.Objects.requireNonNull;

import ai.irmb.internal.text.CsvText;
import ai.irmb.internal.text.EnglishPlural;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The detections of one image, by descending confidence. Immutable; owns no native memory.
 *
 * <p>Two are equal if all but their timings are.
 *
 * @param width of the image, in pixels
 * @param height of the image
 * @param inputWidth of the network's input, in letterboxed pixels; of a slice if the image was
 *     sliced
 * @param inputHeight of the network's input
 * @param list the detections, by descending confidence
 * @param truncated whether there may be more: {@link DetectOptions#maxDetections} or the maximum of
 *     30,000 candidates for NMS removed some
 * @param timings how long each stage took
 */
public record Detections(
    int width,
    int height,
    int inputWidth,
    int inputHeight,
    List<Detection> list,
    boolean truncated,
    Timings timings)
    implements Iterable<Detection> {
  /** Copies the list. */
  public Detections {
    list = List.copyOf(list);
    requireNonNull(timings, "timings");
  }

  /** Creates detections that no stage made. */
  public Detections(
      int width,
      int height,
      int inputWidth,
      int inputHeight,
      List<Detection> list,
      boolean truncated) {
    this(width, height, inputWidth, inputHeight, list, truncated, Timings.NONE);
  }

  /** Creates complete detections, from which no maximum removed any. */
  public Detections(int width, int height, int inputWidth, int inputHeight, List<Detection> list) {
    this(width, height, inputWidth, inputHeight, list, false);
  }

  /** {@return the number of detections} */
  public int size() {
    return list.size();
  }

  /** {@return whether there are no detections} */
  public boolean isEmpty() {
    return list.isEmpty();
  }

  /**
   * {@return the detection at an index}
   *
   * @throws IndexOutOfBoundsException if the index is out of range
   */
  public Detection get(int i) {
    return list.get(i);
  }

  /** {@return the detections as a stream} */
  public Stream<Detection> stream() {
    return list.stream();
  }

  /** {@return the detections that a condition holds for, in order} */
  public Detections filter(Predicate<Detection> condition) {
    return withList(list.stream().filter(condition).toList());
  }

  /**
   * {@return the number of detections of each class that has any, by label, in the order of class
   * ids; unmodifiable}
   *
   * <p>Classes of the same label are counted together.
   */
  public Map<String, Integer> counts() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    list.stream()
        .sorted(Comparator.comparingInt(Detection::classId))
        .forEach(d -> counts.merge(d.label(), 1, Integer::sum));
    return Collections.unmodifiableMap(counts);
  }

  /**
   * {@return the counts as readable text, in the order of class ids: {@code 4 persons, 1 bus}, or
   * {@code no detections}}
   *
   * <p>For people: plurals are English, by rule.
   */
  public String summary() {
    return list.isEmpty()
        ? "no detections"
        : counts().entrySet().stream()
            .map(
                e ->
                    e.getValue()
                        + " "
                        + (e.getValue() == 1 ? e.getKey() : EnglishPlural.of(e.getKey())))
            .collect(Collectors.joining(", "));
  }

  /**
   * {@return all as a JSON object, with {@link WriteOptions#DEFAULTS}; see {@link
   * #toJson(WriteOptions)}}
   */
  public String toJson() {
    return toJson(WriteOptions.DEFAULTS);
  }

  /**
   * {@return all as a JSON object on one line: {@code width} and {@code height} of the image,
   * {@code input} (height and width of the network's input), {@code detections}, and {@code
   * truncated} if it is true}
   *
   * <p>Each detection has {@code class}, {@code label}, {@code confidence} and {@code box} (x1, y1,
   * x2, y2), {@code track} if it has one, and with a mask {@code mask} (COCO's compressed RLE) and
   * {@code polygons} (x, y, x, y …, for the even-odd rule). Numbers are exact: the shortest that
   * read back as the same float. Timings are not part of it, so that equal detections have equal
   * text.
   *
   * @throws IllegalArgumentException if a box is infinite
   */
  public String toJson(WriteOptions options) {
    return DetectionFormats.json(this, options);
  }

  /**
   * {@return all as a CSV table (RFC 4180) with a header: {@code
   * class,label,confidence,x1,y1,x2,y2,track}}
   *
   * <p>A label that a spreadsheet would run as a formula gets an apostrophe in front.
   */
  public String toCsv() {
    StringBuilder table = new StringBuilder(DetectionFormats.CSV_HEADER).append(CsvText.END);
    list.forEach(d -> table.append(d.toCsv()).append(CsvText.END));
    return table.toString();
  }

  /** {@return all in COCO's result format; see {@link #toCocoResults(String, WriteOptions)}} */
  public String toCocoResults(String image) {
    return toCocoResults(image, WriteOptions.DEFAULTS);
  }

  /**
   * {@return all in COCO's result format: a JSON list with {@code image_id}, {@code category_id},
   * {@code bbox} (x, y, width, height), {@code score}, and {@code segmentation} (compressed RLE)
   * for a mask; rounded as upstream does}
   *
   * @param image id of the image: its name without the extension; digits alone become a number
   * @throws IllegalArgumentException if a box is infinite
   */
  public String toCocoResults(String image, WriteOptions options) {
    return DetectionFormats.cocoResults(this, image, options);
  }

  /** {@return all as YOLO labels; see {@link #toYoloLabels(WriteOptions)}} */
  public String toYoloLabels() {
    return toYoloLabels(WriteOptions.DEFAULTS);
  }

  /**
   * {@return all as YOLO labels, one line each: the class id, then the center and size of the box
   * or, for a mask, the corners of its largest polygon, relative to the image's sides}
   *
   * <p>As upstream does, boxes are rounded to integer pixels and the least confident comes first.
   * An empty mask has no label.
   */
  public String toYoloLabels(WriteOptions options) {
    return DetectionFormats.yoloLabels(this, options);
  }

  /** {@return other detections of the same image, such as some of these} */
  public Detections withList(List<Detection> others) {
    return new Detections(width, height, inputWidth, inputHeight, others, truncated, timings);
  }

  /** {@return these detections with other timings} */
  public Detections withTimings(Timings others) {
    return new Detections(width, height, inputWidth, inputHeight, list, truncated, others);
  }

  @Override
  public Iterator<Detection> iterator() {
    return list.iterator();
  }

  /** {@return whether the other has the same image sizes and detections; timings may differ} */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Detections that
        && width == that.width
        && height == that.height
        && inputWidth == that.inputWidth
        && inputHeight == that.inputHeight
        && truncated == that.truncated
        && list.equals(that.list);
  }

  @Override
  public int hashCode() {
    return Objects.hash(width, height, inputWidth, inputHeight, truncated, list);
  }
}
