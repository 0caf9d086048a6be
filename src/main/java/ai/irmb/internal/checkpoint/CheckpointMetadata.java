package ai.irmb.internal.checkpoint;

import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.json.JsonParser;
import ai.irmb.internal.json.JsonWriter;
import ai.irmb.internal.limit.ClassNames;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts everything but the tensors of a checkpoint to and from the metadata of a safetensors
 * file, a map of keys to JSON text.
 *
 * <table>
 * <caption>The keys, each absent where the checkpoint has none</caption>
 * <tr><th>key</th><th>meaning</th></tr>
 * <tr><td>{@code yaml}</td><td>the model YAML as an object</td></tr>
 * <tr><td>{@code names}</td><td>class names by class id</td></tr>
 * <tr><td>{@code stride}</td><td>stride per level, in pixels</td></tr>
 * <tr><td>{@code anchors}</td><td>anchors per level, in pixels: w, h, w, h, …</td></tr>
 * <tr><td>{@code imgsz}</td><td>longer side of the training images, in pixels</td></tr>
 * <tr><td>{@code modules}</td><td>the tree of modules, see {@code ModuleTreeJson}</td></tr>
 * </table>
 *
 * <p>Other keys are ignored.
 */
final class CheckpointMetadata {
  private static final String YAML = "yaml";
  private static final String NAMES = "names";
  private static final String STRIDE = "stride";
  private static final String ANCHORS = "anchors";
  private static final String IMAGE_SIZE = "imgsz";
  private static final String MODULES = "modules";

  private final Map<String, String> metadata;
  private final String fileName;
  private final Limits limits;
  private final MemoryBudget budget;

  private CheckpointMetadata(
      Map<String, String> metadata, String fileName, Limits limits, MemoryBudget budget) {
    this.metadata = metadata;
    this.fileName = fileName;
    this.limits = limits;
    this.budget = budget;
  }

  /**
   * {@return the metadata of a checkpoint}
   *
   * @throws WeightsException if its YAML, strides or anchors contain a number that is not finite
   */
  static Map<String, String> of(Checkpoint checkpoint) {
    try {
      return toText(checkpoint);
    } catch (IllegalArgumentException e) {
      throw new WeightsException(
          checkpoint.weights().source()
              + ": the YAML, a stride or an anchor is not a finite number",
          e);
    }
  }

  private static Map<String, String> toText(Checkpoint checkpoint) {
    Map<String, String> out = new LinkedHashMap<>();
    // PyTorch loaders expect this key to identify the framework.
    out.put("format", "pt");
    if (checkpoint.yaml() != null) {
      out.put(YAML, JsonWriter.write(checkpoint.yaml()));
    }
    if (!checkpoint.names().isEmpty()) {
      Map<String, String> names = new LinkedHashMap<>();
      checkpoint.names().forEach((id, name) -> names.put(id.toString(), name));
      out.put(NAMES, JsonWriter.write(names));
    }
    if (!checkpoint.strides().isEmpty()) {
      out.put(STRIDE, JsonWriter.write(checkpoint.strides()));
    }
    if (!checkpoint.anchors().isEmpty()) {
      out.put(ANCHORS, JsonWriter.write(checkpoint.anchors()));
    }
    if (checkpoint.imageSize() != null) {
      out.put(IMAGE_SIZE, JsonWriter.write(checkpoint.imageSize()));
    }
    if (checkpoint.modules() != null) {
      out.put(MODULES, JsonWriter.write(ModuleTreeJson.write(checkpoint.modules())));
    }
    return out;
  }

  /**
   * {@return the checkpoint with these weights and this metadata}
   *
   * @throws WeightsException if the value of a known key is malformed
   */
  static Checkpoint checkpoint(
      StateDict weights, Map<String, String> metadata, Limits limits, MemoryBudget budget) {
    return new CheckpointMetadata(metadata, weights.source(), limits, budget).read(weights);
  }

  private Checkpoint read(StateDict weights) {
    return new Checkpoint(
        weights, modules(), yamlMap(), names(), strides(), anchors(), imageSize());
  }

  private @Nullable ModuleTree modules() {
    // Each module adds two levels of JSON, itself and its children.
    Object json = parse(MODULES, Limit.PICKLE_DEPTH, 2 * limits.getInt(Limit.PICKLE_DEPTH) + 8);
    return json == null ? null : ModuleTreeJson.read(json, where(MODULES));
  }

  private @Nullable Map<String, @Nullable Object> yamlMap() {
    Object json = parse(YAML, Limit.YAML_DEPTH, limits.getInt(Limit.YAML_DEPTH));
    if (json == null) {
      return null;
    }
    if (!(json instanceof Map<?, ?> map)) {
      throw error(YAML, "expected an object");
    }
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    map.forEach((key, value) -> out.put((String) key, value));
    return out;
  }

  private Map<Integer, String> names() {
    ClassNames names = new ClassNames(limits, problem -> error(NAMES, problem));
    Object json = parse(NAMES, null, 2);
    if (json == null) {
      return names.byId();
    }
    if (!(json instanceof Map<?, ?> map)) {
      throw error(NAMES, "expected an object of class id to name");
    }
    map.forEach((id, name) -> names.put((String) id, className(name)));
    return names.byId();
  }

  private String className(@Nullable Object name) {
    if (!(name instanceof String text)) {
      throw error(NAMES, "a class name is not text");
    }
    return text;
  }

  private List<Double> strides() {
    Object json = parse(STRIDE, null, 1);
    return json == null ? List.of() : doubles(json, STRIDE);
  }

  private List<List<Double>> anchors() {
    Object json = parse(ANCHORS, null, 2);
    List<List<Double>> levels = new ArrayList<>();
    if (json == null) {
      return levels;
    }
    if (!(json instanceof List<?> list)) {
      throw error(ANCHORS, "expected a list of lists of numbers");
    }
    list.forEach(level -> levels.add(doubles(level, ANCHORS)));
    return levels;
  }

  private @Nullable Integer imageSize() {
    Object json = parse(IMAGE_SIZE, null, 1);
    if (json == null) {
      return null;
    }
    if (!(json instanceof Long size) || size <= 0 || size > Checkpoint.MAX_IMAGE_SIDE) {
      throw error(IMAGE_SIZE, "expected an integer from 1 to " + Checkpoint.MAX_IMAGE_SIDE);
    }
    return size.intValue();
  }

  private List<Double> doubles(@Nullable Object json, String key) {
    List<Double> out = new ArrayList<>();
    if (!(json instanceof List<?> list)) {
      throw error(key, "expected a list of numbers");
    }
    for (Object item : list) {
      if (!(item instanceof Number number)) {
        throw error(key, "expected a list of numbers");
      }
      out.add(number.doubleValue());
    }
    return out;
  }

  private @Nullable Object parse(String key, @Nullable Limit limit, int depth) {
    String text = metadata.get(key);
    return text == null ? null : JsonParser.parse(text, where(key), limit, depth, budget);
  }

  private String where(String key) {
    return fileName + ": header: metadata " + key;
  }

  private WeightsException error(String key, String problem) {
    return new WeightsException(where(key) + ": " + problem);
  }
}
