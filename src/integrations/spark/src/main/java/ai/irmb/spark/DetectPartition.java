package ai.irmb.spark;

import ai.irmb.DetectOptions;
import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.DetectorSettings;
import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Adds the output column to the rows of a partition, a batch at a time.
 *
 * @param settings of the detector; file names that do not exist are those of {@code addFile}
 * @param content index of the column with the bytes of an image file
 * @param name index of the column that names the image in messages, or -1 for none
 */
record DetectPartition(DetectorSettings settings, int content, int name)
    implements MapPartitionsFunction<Row, Row> {
  /** Decoded images of a batch take at most 48 MB beyond its last image. */
  private static final long MAX_PIXELS = 16_000_000;

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    DetectorSettings local = onThisMachine();
    Detector detector = Detectors.get(local);
    ReadOptions reading =
        ReadOptions.DEFAULTS
            .withLimits(local.limits())
            .withAcceptTruncated(local.acceptTruncated());
    return new Iterator<>() {
      private final Queue<Row> done = new ArrayDeque<>();

      @Override
      public boolean hasNext() {
        return !done.isEmpty() || rows.hasNext();
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        if (done.isEmpty()) {
          done.addAll(batch(detector, reading, rows));
        }
        return done.remove();
      }
    };
  }

  private List<Row> batch(Detector detector, ReadOptions reading, Iterator<Row> rows) {
    List<Row> inputs = new ArrayList<>();
    List<Object> outcomes = new ArrayList<>();
    List<RgbImage> images = new ArrayList<>();
    long pixels = 0;
    while (rows.hasNext() && images.size() < settings.batchSize() && pixels < MAX_PIXELS) {
      Row row = rows.next();
      inputs.add(row);
      try {
        RgbImage image = read(row, reading);
        pixels += (long) image.width() * image.height();
        images.add(image);
        outcomes.add(image);
      } catch (ImageException e) {
        outcomes.add(String.valueOf(e.getMessage()));
      }
    }
    DetectOptions options = settings.options();
    Iterator<Detections> detections = detector.detectAll(images, options).iterator();
    List<Row> results = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Row result =
          outcomes.get(i) instanceof String reason
              ? ResultSchema.failure(reason)
              : ResultSchema.of(detections.next());
      results.add(with(inputs.get(i), result));
    }
    return results;
  }

  private RgbImage read(Row row, ReadOptions reading) {
    String label = name < 0 || row.isNullAt(name) ? "image" : row.getString(name);
    if (row.isNullAt(content)) {
      throw new ImageException(label + ": the content is null");
    }
    return RgbImage.read((byte[]) row.get(content), label, reading);
  }

  private static Row with(Row row, Row result) {
    Object[] values = new Object[row.size() + 1];
    for (int i = 0; i < row.size(); i++) {
      values[i] = row.get(i);
    }
    values[row.size()] = result;
    return RowFactory.create(values);
  }

  /** {@return the settings with this machine's files and the GPU that Spark gave to the task} */
  private DetectorSettings onThisMachine() {
    DetectorSettings local = settings.withWeights(fileOrName(settings.weights()));
    if (settings.config() != null) {
      local = local.withConfig(fileOrName(settings.config()));
    }
    TaskContext task = TaskContext.get();
    ResourceInformation gpu = task == null ? null : task.resourcesJMap().get("gpu");
    if (settings.device() == null && gpu != null && gpu.addresses().length > 0) {
      local = local.withDevice("cuda:" + gpu.addresses()[0]);
    }
    return local;
  }

  /**
   * {@return the path of a file that {@code SparkContext.addFile} or {@code --files} distributed,
   * or else the path itself}
   */
  private static String fileOrName(String path) {
    if (Path.of(path).isAbsolute()) {
      return path;
    }
    String distributed = SparkFiles.get(path);
    return Files.exists(Path.of(distributed)) ? distributed : path;
  }
}
