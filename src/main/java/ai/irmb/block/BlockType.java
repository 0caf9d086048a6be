package ai.irmb.block;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A kind of block: its name, its declaration from a YAML layer, and its construction from modules
 * with weights. Immutable.
 *
 * @param name the name in a YAML, {@code C3} or {@code nn.Upsample}; the part after the last dot is
 *     also the Python class that a checkpoint names
 * @param declarer declares the modules of a YAML layer; null for a class that occurs only inside
 *     other blocks
 * @param reader constructs the block from its modules and weights
 */
public record BlockType(String name, @Nullable Declarer declarer, Reader reader) {
  /** Declares the modules of a YAML layer, as the PyTorch constructor would create them. */
  @FunctionalInterface
  public interface Declarer {
    /**
     * {@return the modules of the layer}
     *
     * @throws ai.irmb.error.ModelConfigException if the arguments are invalid
     */
    LayerDeclaration declare(LayerArguments arguments);
  }

  /** Constructs a block from its modules and weights. */
  @FunctionalInterface
  public interface Reader {
    /**
     * {@return the block}
     *
     * <p>The reader has to read or ignore every child and every tensor of the module.
     */
    Block read(ModuleScope scope);
  }

  /** Rejects null. */
  public BlockType {
    requireNonNull(name, "name");
    requireNonNull(reader, "reader");
  }

  /** {@return the type of a class that occurs only inside other blocks} */
  public static BlockType inner(String className, Reader reader) {
    return new BlockType(className, null, reader);
  }
}
