package ai.irmb.spark;

import ai.irmb.DetectOptions;
import ai.irmb.DetectorSettings;
import ai.irmb.Precision;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Adds a column with the detections of each image to a table of image files, such as {@code
 * spark.read().format("binaryFile")} makes.
 *
 * <pre>{@code
 * Dataset<Row> images = spark.read().format("binaryFile").load("s3a://bucket/images");
 * Dataset<Row> found = new DetectorTransformer().setWeights("best.pt").transform(images);
 * found.select("path", "result.error", "result.detections");
 * }</pre>
 *
 * <p>The column is a structure: {@code width} and {@code height} of the image in pixels; {@code
 * detections}, the most confident first, each with {@code classId}, {@code label}, {@code
 * confidence}, the box {@code x1}, {@code y1}, {@code x2}, {@code y2} in pixels of the image, and
 * {@code mask}, COCO's compressed run lengths, if the model has masks; {@code error}, null or the
 * reason why the image could not be read. An image that cannot be read does not fail the job. All
 * other columns stay as they are.
 *
 * <p>The first task in the JVM of an executor opens a detector, which all its tasks share. If Spark
 * assigns a GPU to the task, the detector runs on that one.
 *
 * <p>As every transformer, it is configured on one thread; {@link #transform} may then be called on
 * any.
 */
public final class DetectorTransformer extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final Param<String> weights;
  private final Param<String> config;
  private final Param<String> device;
  private final Param<String> precision;
  private final IntParam size;
  private final DoubleParam confidenceThreshold;
  private final DoubleParam iouThreshold;
  private final IntParam maxDetections;
  private final StringArrayParam classNames;
  private final IntParam batchSize;
  private final BooleanParam acceptTruncated;
  private final Param<String> contentCol;
  private final Param<String> nameCol;
  private final Param<String> outputCol;

  /** A transformer with a new identifier. */
  public DetectorTransformer() {
    this(Identifiable.randomUID("detector"));
  }

  /**
   * A transformer with the defaults of {@link DetectorSettings} and {@link DetectOptions}, and
   * columns as {@code binaryFile} names them.
   *
   * @param uid identifier of this stage in a pipeline
   */
  public DetectorTransformer(String uid) {
    this.uid = uid;
    weights =
        text("weights", "weights: a path on every machine, or the name of a distributed file");
    config = text("config", "model YAML: a path, a distributed file, or a config in the jar");
    device = text("device", "cpu, cuda or cuda:1; the GPU that Spark assigned, or else the best");
    precision =
        new Param<>(
            this,
            "precision",
            "fp32, fp16, bf16 or auto",
            ParamValidators.inArray(new String[] {"fp32", "fp16", "bf16", "auto"}));
    size = integer("size", "longer side of the network's input in pixels, 0 for the model's", 0);
    confidenceThreshold = fraction("confidenceThreshold", "a detection's confidence is greater");
    iouThreshold = fraction("iouThreshold", "boxes of a class that overlap more are one");
    maxDetections = integer("maxDetections", "maximum number of detections per image", 1);
    classNames = new StringArrayParam(this, "classNames", "names of the classes to detect");
    batchSize = integer("batchSize", "maximum number of images per forward pass", 1);
    acceptTruncated =
        new BooleanParam(this, "acceptTruncated", "whether truncated images are read so far");
    contentCol = text("contentCol", "column with the bytes of image files");
    nameCol = text("nameCol", "column that names images in errors; need not be there");
    outputCol = text("outputCol", "column to add");
    DetectorSettings settings = DetectorSettings.DEFAULTS;
    DetectOptions options = settings.options();
    setDefault(precision, settings.precision().name().toLowerCase(Locale.ROOT));
    setDefault(size, 0);
    setDefault(confidenceThreshold, options.confidenceThreshold());
    setDefault(iouThreshold, options.iouThreshold());
    setDefault(maxDetections, options.maxDetections());
    setDefault(batchSize, settings.batchSize());
    setDefault(acceptTruncated, settings.acceptTruncated());
    setDefault(contentCol, "content");
    setDefault(nameCol, "path");
    setDefault(outputCol, "result");
  }

  private Param<String> text(String name, String doc) {
    return new Param<>(this, name, doc);
  }

  private IntParam integer(String name, String doc, int min) {
    return new IntParam(this, name, doc, ParamValidators.gtEq(min));
  }

  private DoubleParam fraction(String name, String doc) {
    return new DoubleParam(this, name, doc, ParamValidators.inRange(0, 1));
  }

  /** {@return a reader of saved transformers} */
  public static MLReader<DetectorTransformer> read() {
    return new Reader().read();
  }

  /** {@return the transformer that was saved at a path} */
  public static DetectorTransformer load(String path) {
    return new Reader().load(path);
  }

  @Override
  public String uid() {
    return uid;
  }

  /** {@return parameter: path or name of the weights; required} */
  public Param<String> weights() {
    return weights;
  }

  /** {@return parameter: model YAML} */
  public Param<String> config() {
    return config;
  }

  /** {@return parameter: device} */
  public Param<String> device() {
    return device;
  }

  /** {@return parameter: {@code fp32}, {@code fp16}, {@code bf16} or {@code auto}} */
  public Param<String> precision() {
    return precision;
  }

  /** {@return parameter: longer side of the network's input in pixels, or 0 for the model's} */
  public IntParam size() {
    return size;
  }

  /** {@return parameter: {@link DetectOptions#confidenceThreshold}} */
  public DoubleParam confidenceThreshold() {
    return confidenceThreshold;
  }

  /** {@return parameter: {@link DetectOptions#iouThreshold}} */
  public DoubleParam iouThreshold() {
    return iouThreshold;
  }

  /** {@return parameter: {@link DetectOptions#maxDetections}} */
  public IntParam maxDetections() {
    return maxDetections;
  }

  /** {@return parameter: names of the classes to detect; all if it is not set} */
  public StringArrayParam classNames() {
    return classNames;
  }

  /** {@return parameter: {@link DetectorSettings#batchSize}} */
  public IntParam batchSize() {
    return batchSize;
  }

  /** {@return parameter: {@link DetectorSettings#acceptTruncated}} */
  public BooleanParam acceptTruncated() {
    return acceptTruncated;
  }

  /** {@return parameter: column with the bytes of image files} */
  public Param<String> contentCol() {
    return contentCol;
  }

  /** {@return parameter: column that names images in errors} */
  public Param<String> nameCol() {
    return nameCol;
  }

  /** {@return parameter: column to add} */
  public Param<String> outputCol() {
    return outputCol;
  }

  /**
   * Sets the weights: a path that exists on every machine, or the name of a file that {@code
   * SparkContext.addFile} or {@code spark-submit --files} distributed.
   */
  public DetectorTransformer setWeights(String value) {
    set(weights, value);
    return this;
  }

  /** Sets the model YAML. Without it the checkpoint's own is used. */
  public DetectorTransformer setConfig(String value) {
    set(config, value);
    return this;
  }

  /** Sets the device: {@code cpu}, {@code cuda} or {@code cuda:1}. */
  public DetectorTransformer setDevice(String value) {
    set(device, value);
    return this;
  }

  /** Sets the precision: {@code fp32}, {@code fp16}, {@code bf16} or {@code auto}. */
  public DetectorTransformer setPrecision(String value) {
    set(precision, value);
    return this;
  }

  /** Sets the longer side of the network's input in pixels, or 0 for the model's. */
  public DetectorTransformer setSize(int value) {
    set(size, value);
    return this;
  }

  /** Sets the {@link DetectOptions#confidenceThreshold}. */
  public DetectorTransformer setConfidenceThreshold(double value) {
    set(confidenceThreshold, value);
    return this;
  }

  /** Sets the {@link DetectOptions#iouThreshold}. */
  public DetectorTransformer setIouThreshold(double value) {
    set(iouThreshold, value);
    return this;
  }

  /** Sets the {@link DetectOptions#maxDetections}. */
  public DetectorTransformer setMaxDetections(int value) {
    set(maxDetections, value);
    return this;
  }

  /** Sets the names of the classes to detect. */
  public DetectorTransformer setClassNames(String... values) {
    set(classNames, values.clone());
    return this;
  }

  /** Sets the {@link DetectorSettings#batchSize}. */
  public DetectorTransformer setBatchSize(int value) {
    set(batchSize, value);
    return this;
  }

  /** Sets {@link DetectorSettings#acceptTruncated}. */
  public DetectorTransformer setAcceptTruncated(boolean value) {
    set(acceptTruncated, value);
    return this;
  }

  /** Sets the column with the bytes of image files, {@code content} by default. */
  public DetectorTransformer setContentCol(String value) {
    set(contentCol, value);
    return this;
  }

  /** Sets the column that names images in errors, {@code path} by default. */
  public DetectorTransformer setNameCol(String value) {
    set(nameCol, value);
    return this;
  }

  /** Sets the column to add, {@code result} by default. */
  public DetectorTransformer setOutputCol(String value) {
    set(outputCol, value);
    return this;
  }

  /**
   * {@return the table with the output column}
   *
   * @throws IllegalArgumentException if the weights are not set, or a column is missing, of another
   *     type, or there already
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    List<String> columns = List.of(dataset.columns());
    DetectPartition partition =
        new DetectPartition(
            settings(),
            columns.indexOf(getOrDefault(contentCol)),
            columns.indexOf(getOrDefault(nameCol)));
    return dataset.toDF().mapPartitions(partition, Encoders.row(schema));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    List<String> columns = List.of(schema.fieldNames());
    String content = getOrDefault(contentCol);
    if (!columns.contains(content) || schema.apply(content).dataType() != DataTypes.BinaryType) {
      throw new IllegalArgumentException(
          "contentCol: expected a column " + content + " of type binary, found " + schema.toDDL());
    }
    String name = getOrDefault(nameCol);
    if (columns.contains(name) && schema.apply(name).dataType() != DataTypes.StringType) {
      throw new IllegalArgumentException(
          "nameCol: expected " + name + " of type string, found " + schema.toDDL());
    }
    String output = getOrDefault(outputCol);
    if (columns.contains(output)) {
      throw new IllegalArgumentException(
          "outputCol: there is a column " + output + " already; set another name");
    }
    return schema.add(output, ResultSchema.TYPE);
  }

  @Override
  public DetectorTransformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** {@return the settings that the parameters describe} */
  private DetectorSettings settings() {
    if (!isSet(weights)) {
      throw new IllegalArgumentException("weights: not set; call setWeights");
    }
    DetectOptions options =
        DetectOptions.DEFAULTS
            .withConfidenceThreshold((double) getOrDefault(confidenceThreshold))
            .withIouThreshold((double) getOrDefault(iouThreshold))
            .withMaxDetections((int) getOrDefault(maxDetections));
    int side = (int) getOrDefault(size);
    if (side > 0) {
      options = options.withSize(side);
    }
    if (isSet(classNames)) {
      options = options.withClassNames(Set.of(getOrDefault(classNames)));
    }
    String type = getOrDefault(precision);
    DetectorSettings settings =
        DetectorSettings.DEFAULTS
            .withWeights(getOrDefault(weights))
            .withPrecision(Precision.valueOf(type.toUpperCase(Locale.ROOT)))
            .withBatchSize((int) getOrDefault(batchSize))
            .withAcceptTruncated((boolean) getOrDefault(acceptTruncated))
            .withOptions(options);
    if (isSet(config)) {
      settings = settings.withConfig(getOrDefault(config));
    }
    return isSet(device) ? settings.withDevice(getOrDefault(device)) : settings;
  }

  /** Spark's own reader of parameters. */
  private static final class Reader implements DefaultParamsReadable<DetectorTransformer> {}
}
