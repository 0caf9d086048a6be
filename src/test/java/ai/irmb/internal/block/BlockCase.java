package ai.irmb.internal.block;

import ai.irmb.block.Attribute;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleTree;
import ai.irmb.internal.config.BottleneckKind;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.Npz;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code reference/blocks/index.json}; converts its constructor arguments to a YAML
 * layer.
 */
final class BlockCase {
  private static final Set<String> REPEATING =
      Set.of("C3", "C3x", "C3TR", "C3Ghost", "BottleneckCSP", "C2f_iRMB", "C3_iRMB");
  private static final Set<String> WITHOUT_CHANNELS =
      Set.of("Concat", "nn.Upsample", "nn.MaxPool2d", "nn.ZeroPad2d", "Contract", "Expand");

  private final JsonObject entry;

  BlockCase(JsonObject entry) {
    this.entry = entry;
  }

  String name() {
    return entry.get("name").getAsString();
  }

  String module() {
    return entry.get("module").getAsString();
  }

  /** The eps of every batch norm in the file, or 0 without batch norms. */
  double eps() {
    return entry.has("bn_eps") && !entry.get("bn_eps").isJsonNull()
        ? entry.get("bn_eps").getAsDouble()
        : 0;
  }

  /** The input channels of the block: for a head from its arguments, otherwise from the inputs. */
  List<Integer> channels(List<Shape> inputs) {
    if (Head.isHead(module())) {
      List<Integer> channels = new ArrayList<>();
      JsonArray args = entry.getAsJsonArray("args");
      for (JsonElement c : args.get(args.size() - 1).getAsJsonArray()) {
        channels.add(c.getAsInt());
      }
      return channels;
    }
    return inputs.stream().map(shape -> (int) shape.get(1)).toList();
  }

  /** The declared block; {@code weights} are the existing keys. */
  LayerDeclaration declare(Set<String> weights, List<Integer> channels) {
    YamlLayerArguments arguments = arguments(weights, channels);
    return Head.isHead(module())
        ? Head.declare(arguments)
        : BlockRegistry.standard().declare(arguments);
  }

  YamlLayerArguments arguments(Set<String> weights, List<Integer> channels) {
    List<@Nullable Object> args = plain(entry.getAsJsonArray("args"));
    long number = 1;
    List<@Nullable Object> yaml;
    Map<String, @Nullable Object> keys = new LinkedHashMap<>();
    // Channels are rounded to multiples of 8, except for 3 anchors × (1 class + 5) = 18.
    keys.put("nc", module().equals("TransformerBlock") ? 1L : 3L);
    keys.put("anchors", 3L);
    if (Head.isHead(module())) {
      keys.put("nc", args.get(0));
      keys.put("anchors", args.get(1));
      yaml = new ArrayList<>(List.of("nc", "anchors"));
      yaml.addAll(args.subList(2, args.size() - 1));
    } else if (module().equals("nn.BatchNorm2d")) {
      yaml = List.of();
    } else if (module().equals("iRMB")) {
      // A network passes the channels as norm_in.
      boolean calledByNetwork = args.get(1) instanceof Long;
      yaml = calledByNetwork ? List.of() : args.subList(1, args.size());
    } else if (WITHOUT_CHANNELS.contains(module())) {
      yaml = args;
    } else {
      yaml = new ArrayList<>(args.subList(1, args.size()));
      if (REPEATING.contains(module())) {
        Object n = yaml.remove(1);
        number = n instanceof Long count ? count : 1;
      }
      if (module().equals("Proto")) {
        yaml = args.subList(1, args.size());
      }
    }
    keys.put("depth_multiple", 1L);
    keys.put("width_multiple", 1L);
    keys.put("backbone", List.of(Arrays.asList(-1L, number, module(), yaml)));
    keys.put("head", List.of());
    ModelConfig config = ModelConfig.of("reference", keys, Limits.DEFAULTS);
    boolean irmb =
        entry.has("bottleneck")
            && !entry.get("bottleneck").isJsonNull()
            && entry.get("bottleneck").getAsString().equals("irmb");
    return new YamlLayerArguments(
        config,
        config.layers().get(0),
        channels,
        irmb ? BottleneckKind.IRMB : BottleneckKind.STANDARD,
        weights::contains);
  }

  static List<@Nullable Object> plain(JsonArray array) {
    List<@Nullable Object> list = new ArrayList<>();
    for (JsonElement element : array) {
      list.add(plain(element));
    }
    return list;
  }

  private static @Nullable Object plain(JsonElement element) {
    if (element.isJsonNull()) {
      return null;
    }
    if (element.isJsonArray()) {
      return plain(element.getAsJsonArray());
    }
    if (element.getAsJsonPrimitive().isBoolean()) {
      return element.getAsBoolean();
    }
    if (element.getAsJsonPrimitive().isNumber()) {
      String text = element.getAsString();
      return text.matches("-?[0-9]+") ? (Object) Long.valueOf(text) : Double.valueOf(text);
    }
    return element.getAsString();
  }

  /** The module with the eps of the reference. */
  static ModuleTree withEps(ModuleTree tree, double eps) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(tree.attributes());
    if (tree.simpleName().equals("BatchNorm2d")) {
      attributes.put("eps", Attribute.of(eps));
    }
    Map<String, ModuleTree> children = new LinkedHashMap<>();
    tree.children().forEach((name, child) -> children.put(name, withEps(child, eps)));
    return new ModuleTree(tree.className(), attributes, tree.tensors(), children);
  }

  /** The parameters, with the prefix {@code model.0.}. */
  static StateDict weights(Map<String, Npz.Array> arrays) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          if (name.startsWith("w/")) {
            Shape shape = Shape.of(Arrays.stream(array.shape()).asLongStream().toArray());
            tensors.put("model.0." + name.substring(2), HostTensor.of(shape, array.data()));
          }
        });
    return new StateDict("reference", tensors);
  }
}
