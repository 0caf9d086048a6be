package ai.irmb.internal.block;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.error.ModelConfigException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The blocks that a network can be made of, by name. Immutable, safe for concurrent use. */
public final class BlockRegistry {
  private static final BlockRegistry STANDARD = new BlockRegistry(Map.of(), Map.of());

  /** Those that do not come with the library. */
  private final Map<String, BlockType> byName;

  private final Map<String, BlockType> byClass;

  private BlockRegistry(Map<String, BlockType> byName, Map<String, BlockType> byClass) {
    this.byName = byName;
    this.byClass = byClass;
  }

  /** {@return every block that comes with the library} */
  public static BlockRegistry standard() {
    return STANDARD;
  }

  /** {@return these blocks and one more, which wins over one of the same name} */
  public BlockRegistry with(BlockType type) {
    Map<String, BlockType> names = new HashMap<>(byName);
    Map<String, BlockType> classes = new HashMap<>(byClass);
    if (type.declarer() != null) {
      names.put(type.name(), type);
    }
    classes.put(type.className(), type);
    return new BlockRegistry(
        Collections.unmodifiableMap(names), Collections.unmodifiableMap(classes));
  }

  /** {@return the names that a YAML may use, sorted} */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(StandardBlocks.ROWS);
    names.addAll(byName.keySet());
    return names;
  }

  /**
   * {@return what a YAML row stands for}
   *
   * @throws ModelConfigException if its module is not registered, or its arguments are not right
   */
  public LayerDeclaration declare(LayerArguments line) {
    BlockType type = byName.get(line.module());
    if (type == null && StandardBlocks.ROWS.contains(line.module())) {
      type = StandardBlocks.of(line.module());
    }
    if (type == null || type.declarer() == null) {
      throw line.unknownModule(names());
    }
    return type.declarer().declare(line);
  }

  /**
   * {@return the block that a module is}
   *
   * @throws ai.irmb.error.WeightsException if its class is not registered, or it is another block
   *     of that name
   */
  public Block read(ModuleScope scope) {
    String className = scope.tree().simpleName();
    BlockType type = byClass.get(className);
    if (type == null) {
      type = StandardBlocks.ofClass(className);
    }
    if (type == null) {
      throw scope.unknownClass();
    }
    Block block = type.reader().read(scope);
    scope.requireAllRead();
    return block;
  }
}
