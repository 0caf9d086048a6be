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
 * A row of {@code reference/blocks/index.json}: constructor arguments turned back into a YAML row.
 */
final class BlockCase {
  private static final Set<String> REPEATING =
      Set.of("C3", "C3x", "C3TR", "C3Ghost", "BottleneckCSP", "C2f_iRMB", "C3_iRMB");
  private static final Set<String> WITHOUT_CHANNELS =
      Set.of("Concat", "nn.Upsample", "nn.MaxPool2d", "nn.ZeroPad2d", "Contract", "Expand");

  private final JsonObject row;

  BlockCase(JsonObject row) {
    this.row = row;
  }

  String name() {
    return row.get("name").getAsString();
  }

  String module() {
    return row.get("module").getAsString();
  }

  /** The eps of every batch norm in the file, 0 where it has none. */
  double eps() {
    return row.has("bn_eps") && !row.get("bn_eps").isJsonNull()
        ? row.get("bn_eps").getAsDouble()
        : 0;
  }

  /** The channels that the block is built for: those of the head's arguments, or of the inputs. */
  List<Integer> channels(List<Shape> inputs) {
    if (Head.isHead(module())) {
      List<Integer> channels = new ArrayList<>();
      JsonArray args = row.getAsJsonArray("args");
      for (JsonElement c : args.get(args.size() - 1).getAsJsonArray()) {
        channels.add(c.getAsInt());
      }
      return channels;
    }
    return inputs.stream().map(shape -> (int) shape.get(1)).toList();
  }

  /** The declared tree; {@code weights} tells the keys that exist. */
  LayerDeclaration declare(Set<String> weights, List<Integer> channels) {
    YamlLayerArguments arguments = arguments(weights, channels);
    return Head.isHead(module())
        ? Head.declare(arguments)
        : BlockRegistry.standard().declare(arguments);
  }

  YamlLayerArguments arguments(Set<String> weights, List<Integer> channels) {
    List<@Nullable Object> args = plain(row.getAsJsonArray("args"));
    long number = 1;
    List<@Nullable Object> yaml;
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    // Channels are rounded to multiples of 8, except for 3 anchors × (1 class + 5) = 18.
    config.put("nc", module().equals("TransformerBlock") ? 1L : 3L);
    config.put("anchors", 3L);
    if (Head.isHead(module())) {
      config.put("nc", args.get(0));
      config.put("anchors", args.get(1));
      yaml = new ArrayList<>(List.of("nc", "anchors"));
      yaml.addAll(args.subList(2, args.size() - 1));
    } else if (module().equals("nn.BatchNorm2d")) {
      yaml = List.of();
    } else if (module().equals("iRMB")) {
      // The network's own call passes the channels for norm_in.
      boolean network = args.get(1) instanceof Long;
      yaml = network ? List.of() : args.subList(1, args.size());
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
    config.put("backbone", List.of(Arrays.asList(-1L, number, module(), yaml)));
    config.put("head", List.of());
    ModelConfig spec = ModelConfig.of("reference", config, Limits.DEFAULTS);
    boolean irmb =
        row.has("bottleneck")
            && !row.get("bottleneck").isJsonNull()
            && row.get("bottleneck").getAsString().equals("irmb");
    return new YamlLayerArguments(
        spec,
        spec.layers().get(0),
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

  /** The tree with the eps that the reference has. */
  static ModuleTree withEps(ModuleTree tree, double eps) {
    Map<String, Attribute> attributes = new LinkedHashMap<>(tree.attributes());
    if (tree.simpleName().equals("BatchNorm2d")) {
      attributes.put("eps", Attribute.of(eps));
    }
    Map<String, ModuleTree> children = new LinkedHashMap<>();
    tree.children().forEach((name, child) -> children.put(name, withEps(child, eps)));
    return new ModuleTree(tree.className(), attributes, tree.tensors(), children);
  }

  /** The parameters under {@code model.0.}. */
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
