package ai.irmb.internal.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of upstream's {@code detect.py}, {@code val.py} and {@code export.py} that the
 * command line does not have, each with what it has instead.
 */
final class UpstreamOptions {
  private static final String SAVE = "--save DIR says where the images are written";
  private static final String FIXED = "the library needs no such setting; leave it out";
  private static final String NO_WINDOW = "there is no window; --save DIR writes the images";

  private static final Map<String, String> ANSWERS =
      Map.ofEntries(
          Map.entry("--project", SAVE),
          Map.entry("--name", SAVE),
          Map.entry(
              "--exist-ok", "files in the folder of --save are always replaced; leave it out"),
          Map.entry("--view-img", NO_WINDOW),
          Map.entry("--half", "use --precision fp16"),
          Map.entry("--save-csv", "use --csv FILE"),
          Map.entry("--save-json", "use --coco FILE"),
          Map.entry("--save-hybrid", "labels cannot be mixed with detections"),
          Map.entry("--task", "use --split train, val or test; bench measures the speed"),
          Map.entry("--verbose", "the table always has every class; leave it out"),
          Map.entry("--workers", FIXED),
          Map.entry("--inplace", FIXED),
          Map.entry("--train", FIXED),
          Map.entry("--dnn", FIXED),
          Map.entry("--update", FIXED),
          Map.entry("--data", "the class names come from the checkpoint; leave it out"),
          Map.entry("--augment", "there is no test-time augmentation"),
          Map.entry("--visualize", "use --attention LAYER to see what a layer attends to"),
          Map.entry("--hide-labels", "use --labels none"),
          Map.entry("--hide-conf", "use --labels class"),
          Map.entry("--vid-stride", "every frame is read; --frames N stops after N"),
          Map.entry("--single-cls", "there is no such mode; use a data set with one class"),
          Map.entry("--include", "export writes ONNX, and convert writes .safetensors"),
          Map.entry("--dynamic", "the exported sizes are always dynamic; leave it out"),
          Map.entry("--simplify", "the exported graph is already simple; leave it out"),
          Map.entry("--optimize", "export writes ONNX only"),
          Map.entry("--int8", "export writes ONNX in fp32 only"),
          Map.entry("--keras", "export writes ONNX only"),
          Map.entry("--nms", "the exported network has no NMS, as upstream's ONNX has none"),
          Map.entry("--agnostic-nms", "NMS is per class here, as in val.py"),
          Map.entry("--workspace", "export writes ONNX only"),
          Map.entry("--topk-all", "export writes ONNX only"),
          Map.entry("--topk-per-class", "export writes ONNX only"),
          Map.entry("--cfg", "use --config YAML"),
          Map.entry("--hyp", "models are trained with upstream"),
          Map.entry("--epochs", "models are trained with upstream"));

  private UpstreamOptions() {}

  /** {@return what to use instead of an option, or null if upstream has none of this name} */
  static @Nullable String answer(String name) {
    return ANSWERS.get(name);
  }
}
