package ai.irmb.internal.checkpoint;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.pickle.PickleValue;
import ai.irmb.internal.weights.pickle.PickleValue.Dict;
import ai.irmb.internal.weights.pickle.PickleValue.Instance;
import ai.irmb.internal.weights.pickle.PickleValue.Int;
import ai.irmb.internal.weights.pickle.PickleValue.Sequence;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import ai.irmb.internal.weights.pickle.PickleValue.Tuple;
import ai.irmb.internal.weights.torch.TorchFile;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the network in a pickled checkpoint: a model or its state dict, at the top or under one of
 * the keys that training scripts use. The moving average ({@code ema}) takes precedence.
 */
final class PickledCheckpoint {
  private static final List<String> KEYS =
      List.of("ema", "model", "state_dict", "model_state_dict", "net", "network", "weights");

  private final String fileName;
  private final TorchFile file;
  private final Limits limits;

  private PickledCheckpoint(String fileName, TorchFile file, Limits limits) {
    this.fileName = fileName;
    this.file = file;
    this.limits = limits;
  }

  static Checkpoint read(WeightFile bytes, Limits limits) {
    TorchFile file = TorchFile.read(bytes, limits);
    Checkpoint checkpoint = new PickledCheckpoint(bytes.name(), file, limits).read();
    file.checkRemainingTensors();
    return checkpoint;
  }

  private Checkpoint read() {
    PickleValue root = file.root();
    PickledModule model = PickledModule.of(root);
    if (model != null) {
      return network(model, null);
    }
    if (!(root instanceof Dict dict)) {
      throw error("the file contains neither a model nor a dict with one");
    }
    Integer imageSize = imageSize(dict.get("opt"));
    for (String key : KEYS) {
      PickleValue value = dict.get(key);
      PickledModule module = PickledModule.of(value);
      if (module != null) {
        return network(module, imageSize);
      }
      if (value instanceof Dict inner && hasTensors(inner)) {
        return stateDict(inner, imageSize);
      }
    }
    if (hasTensors(dict)) {
      return stateDict(dict, imageSize);
    }
    throw error("there is no model in it; its keys are " + keys(dict));
  }

  private Checkpoint network(PickledModule module, @Nullable Integer imageSize) {
    return new PickledNetwork(fileName, file, limits).read(module, imageSize);
  }

  private static boolean hasTensors(Dict dict) {
    return dict.entries().values().stream().anyMatch(TorchFile::isTensor);
  }

  private Checkpoint stateDict(Dict dict, @Nullable Integer imageSize) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    dict.entries()
        .forEach(
            (key, value) -> {
              if (key instanceof Text text && TorchFile.isTensor(value)) {
                tensors.put(text.value(), file.tensor(value, Quoting.escapeName(text.value())));
              }
            });
    Map<String, HostTensor> plain = StateDictKeys.stripWrapperPrefixes(tensors);
    return new Checkpoint(
        new StateDict(fileName, plain), null, null, Map.of(), List.of(), List.of(), imageSize);
  }

  /** {@return the longer side of the training images from the training options, or null} */
  private static @Nullable Integer imageSize(@Nullable PickleValue options) {
    Dict dict = options instanceof Instance instance ? instance.attributes() : null;
    if (options instanceof Dict plain) {
      dict = plain;
    }
    if (dict == null) {
      return null;
    }
    PickleValue size = dict.get("imgsz") == null ? dict.get("img_size") : dict.get("imgsz");
    List<PickleValue> sizes = size == null ? List.of() : List.of(size);
    if (size instanceof Sequence list) {
      sizes = list.items();
    } else if (size instanceof Tuple tuple) {
      sizes = tuple.items();
    }
    long max = 0;
    for (PickleValue side : sizes) {
      max = side instanceof Int number ? Math.max(max, number.value()) : max;
    }
    return max > 0 && max <= Checkpoint.MAX_IMAGE_SIDE ? (int) max : null;
  }

  private static String keys(Dict dict) {
    List<String> names =
        dict.entries().keySet().stream()
            .limit(10)
            .map(key -> key instanceof Text text ? Quoting.quote(text.value()) : "(no text)")
            .toList();
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  private WeightsException error(String problem) {
    return new WeightsException(fileName + ": " + problem);
  }
}
