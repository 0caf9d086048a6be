package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.error.ModelConfigException;
import ai.irmb.internal.block.yolo.YoloBlocks;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The blocks that a network can consist of, by name. Immutable, safe for concurrent use. */
public final class BlockRegistry {
  private static final BlockRegistry STANDARD =
      new BlockRegistry(Map.of(), Map.of()).with(ActivationModules.types()).with(YoloBlocks.ALL);

  /** The blocks that a YAML can name. */
  private final Map<String, BlockType> byName;

  /** All blocks, by Python class without module path. */
  private final Map<String, BlockType> byClass;

  private BlockRegistry(Map<String, BlockType> byName, Map<String, BlockType> byClass) {
    this.byName = byName;
    this.byClass = byClass;
  }

  /** {@return the blocks that the library contains} */
  public static BlockRegistry standard() {
    return STANDARD;
  }

  /** {@return these blocks and another one, which replaces one of the same name} */
  public BlockRegistry with(BlockType type) {
    return with(List.of(type));
  }

  private BlockRegistry with(Iterable<BlockType> types) {
    Map<String, BlockType> names = new HashMap<>(byName);
    Map<String, BlockType> classes = new HashMap<>(byClass);
    for (BlockType type : types) {
      if (type.declarer() != null) {
        names.put(type.name(), type);
      }
      classes.put(type.name().substring(type.name().lastIndexOf('.') + 1), type);
    }
    return new BlockRegistry(
        Collections.unmodifiableMap(names), Collections.unmodifiableMap(classes));
  }

  /** {@return the names that a YAML can use, sorted} */
  public Set<String> names() {
    return new TreeSet<>(byName.keySet());
  }

  /**
   * {@return the declaration of a YAML layer}
   *
   * @throws ModelConfigException if its block is not registered, or its arguments are invalid
   */
  public LayerDeclaration declare(YamlLayerArguments arguments) {
    BlockType.Declarer declarer = declarer(arguments.module());
    if (declarer == null) {
      throw arguments.unknownModule(names());
    }
    return declarer.declare(arguments);
  }

  /**
   * Checks the name of a YAML layer's block.
   *
   * @throws ModelConfigException if it is not registered
   */
  public void requireName(YamlLayerArguments arguments) {
    if (declarer(arguments.module()) == null) {
      throw arguments.unknownModule(names());
    }
  }

  /** {@return whether a block can be read from a Python class of this name, without module path} */
  boolean hasClass(String simpleName) {
    return byClass.containsKey(simpleName);
  }

  /** YOLOv5 evaluates the name, so {@code torch.nn.SiLU} is {@code nn.SiLU}. */
  private BlockType.@Nullable Declarer declarer(String name) {
    BlockType type =
        byName.get(name.startsWith("torch.nn.") ? name.substring("torch.".length()) : name);
    return type == null ? null : type.declarer();
  }

  /**
   * {@return the block of a module}
   *
   * @throws ai.irmb.error.WeightsException if its class is not registered, or it is another block
   *     of the same name
   */
  public Block read(CheckedModuleScope scope) {
    BlockType type = byClass.get(scope.module().simpleName());
    if (type == null) {
      throw scope.unknownClass();
    }
    Block block = type.reader().read(scope);
    scope.requireAllRead();
    return block;
  }
}
