package ai.irmb.internal.checkpoint;

import ai.irmb.block.ModuleTree;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.head.PixelAnchors;
import ai.irmb.internal.limit.ClassNames;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.internal.weights.pickle.PickleValue.Bool;
import ai.irmb.internal.weights.pickle.PickleValue.Call;
import ai.irmb.internal.weights.pickle.PickleValue.Dict;
import ai.irmb.internal.weights.pickle.PickleValue.Int;
import ai.irmb.internal.weights.pickle.PickleValue.Real;
import ai.irmb.internal.weights.pickle.PickleValue.Sequence;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import ai.irmb.internal.weights.pickle.PickleValue.Tuple;
import ai.irmb.internal.weights.torch.TorchFile;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts a pickled model to a checkpoint: structure, weights, names, strides and anchors. */
final class PickledNetwork {
  private final String fileName;
  private final TorchFile file;
  private final Limits limits;
  private final PlainDataConverter plain;

  PickledNetwork(String fileName, TorchFile file, Limits limits) {
    this.fileName = fileName;
    this.file = file;
    this.limits = limits;
    this.plain = new PlainDataConverter(fileName, limits, file.budget());
  }

  /**
   * {@return the checkpoint of a pickled model}
   *
   * @param outer the network or a wrapper around it
   * @param imageSize longer side of the training images, or null
   */
  Checkpoint read(PickledModule outer, @Nullable Integer imageSize) {
    PickledModule network = ModuleWrappers.unwrap(outer);
    Map<String, PickledModule> layers = layers(network);
    checkIsDetector(network, layers);
    ModuleTreeReader reader = new ModuleTreeReader(fileName, file, limits, plain);
    ModuleTree modules = reader.read(network);
    Map<String, HostTensor> weights = reader.weights();
    List<Double> strides = List.of();
    List<List<Double>> anchors = List.of();
    for (Map.Entry<String, PickledModule> layer : layers.entrySet()) {
      String key = "model." + layer.getKey() + ".";
      HostTensor grid = weights.get(key + "anchors");
      if (grid != null) {
        PickleValue own = layer.getValue().attribute("stride");
        strides = doubles(own == null ? network.attribute("stride") : own, key + "stride");
        anchors = inPixels(grid, strides);
      }
    }
    if (strides.isEmpty()) {
      strides = doubles(network.attribute("stride"), "stride");
    }
    return new Checkpoint(
        new StateDict(fileName, weights),
        modules,
        yaml(network, outer),
        names(network, outer),
        strides,
        anchors,
        imageSize);
  }

  private static Map<String, PickledModule> layers(PickledModule network) {
    Map<String, PickledModule> layers = new LinkedHashMap<>();
    PickledModule list = network.child("model");
    if (list != null) {
      for (String name : list.children().keySet()) {
        PickledModule layer = list.child(name);
        if (layer != null) {
          layers.put(name, layer);
        }
      }
    }
    return layers;
  }

  private void checkIsDetector(PickledModule network, Map<String, PickledModule> layers) {
    boolean classifies =
        network.simpleName().equals("ClassificationModel")
            || layers.values().stream().anyMatch(layer -> layer.simpleName().equals("Classify"));
    if (classifies) {
      throw new WeightsException(
          fileName
              + ": this is a classification model ("
              + network.className()
              + "), which has no boxes; a detection model is expected");
    }
    boolean anchorFree =
        network.className().startsWith("ultralytics.")
            && layers.values().stream().noneMatch(layer -> layer.tensors().containsKey("anchors"));
    if (anchorFree) {
      throw new WeightsException(
          fileName
              + ": this is a YOLOv8-or-later model of the ultralytics package ("
              + network.className()
              + "), which this library does not run; a YOLOv5 model is expected");
    }
  }

  private @Nullable Map<String, @Nullable Object> yaml(PickledModule network, PickledModule outer) {
    Map<String, @Nullable Object> own = plain.convertMap(network.attribute("yaml"), "yaml");
    return own == null ? plain.convertMap(outer.attribute("yaml"), "yaml") : own;
  }

  private Map<Integer, String> names(PickledModule network, PickledModule outer) {
    PickleValue own = network.attribute("names");
    PickleValue names = own == null ? outer.attribute("names") : own;
    ClassNames out =
        new ClassNames(limits, problem -> new WeightsException(fileName + ": names: " + problem));
    if (names instanceof Dict dict) {
      dict.entries().forEach((id, name) -> out.put(classId(id), nameOf(name)));
    } else {
      listOf(names).forEach(name -> out.add(nameOf(name)));
    }
    return out.byId();
  }

  private List<PickleValue> listOf(@Nullable PickleValue value) {
    if (value instanceof Sequence list) {
      return list.items();
    }
    if (value instanceof Tuple tuple) {
      return tuple.items();
    }
    if (value == null || value == PickleValue.None.NONE) {
      return List.of();
    }
    List<PickleValue> array =
        value instanceof Call call ? NumpyTextArray.of(call, limits.getInt(Limit.CLASSES)) : null;
    if (array == null) {
      throw new WeightsException(
          fileName
              + ": names: expected a list, tuple, dict or one-dimensional NumPy array of text");
    }
    return array;
  }

  private long classId(PickleValue id) {
    if (id instanceof Int number) {
      return number.value();
    }
    Object converted = plain.convert(id, "names");
    if (converted instanceof Long number) {
      return number;
    }
    if (converted instanceof String text && text.matches("[0-9]{1,9}")) {
      return Long.parseLong(text);
    }
    throw new WeightsException(fileName + ": names: a class id is not an integer");
  }

  private String nameOf(PickleValue name) {
    if (name instanceof Text text) {
      return text.value();
    }
    if (name instanceof Int number) {
      return Long.toString(number.value());
    }
    if (name instanceof Bool bool) {
      return bool.value() ? "True" : "False";
    }
    if (name == PickleValue.None.NONE) {
      return "None";
    }
    if (name instanceof Real number) {
      return Double.toString(number.value());
    }
    if (plain.convert(name, "names") instanceof String text) {
      return text;
    }
    throw new WeightsException(fileName + ": names: a class name is not text");
  }

  private List<Double> doubles(@Nullable PickleValue value, String key) {
    List<Double> out = new ArrayList<>();
    if (value == null) {
      return out;
    }
    if (TorchFile.isTensor(value)) {
      HostTensor tensor = file.tensor(value, key);
      if (tensor.shape().elements() <= limits.get(Limit.LAYERS)) {
        for (float number : tensor.toFloats()) {
          out.add((double) number);
        }
      }
      return out;
    }
    Object converted =
        value instanceof Sequence || value instanceof Tuple ? plain.convert(value, key) : null;
    if (converted instanceof List<?> list) {
      for (Object number : list) {
        if (number instanceof Number n) {
          out.add(n.doubleValue());
        }
      }
    }
    return out;
  }

  /** {@return the anchors in pixels, from a buffer with one row per level, in grid cells} */
  private List<List<Double>> inPixels(HostTensor grid, List<Double> strides) {
    long levels = grid.shape().rank() == 0 ? 0 : grid.shape().get(0);
    if (levels == 0
        || levels != strides.size()
        || grid.shape().elements() > limits.get(Limit.CHANNELS)) {
      return List.of();
    }
    return PixelAnchors.of(grid, strides);
  }
}
