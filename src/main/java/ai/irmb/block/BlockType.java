package ai.irmb.block;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * How a kind of block is made. Immutable.
 *
 * @param name the name in a YAML row, {@code C3} or {@code nn.Upsample}; its last part is also the
 *     Python class that a checkpoint names
 * @param declarer what its constructor makes of a YAML row; null for a class that is only found
 *     inside others
 * @param reader makes it from a module tree and weights
 */
public record BlockType(String name, @Nullable Declarer declarer, Reader reader) {
  /** What a constructor makes of a YAML row. */
  @FunctionalInterface
  public interface Declarer {
    /**
     * {@return the modules that the row stands for}
     *
     * @throws ai.irmb.error.ModelConfigException if the arguments are not right
     */
    LayerDeclaration declare(LayerArguments line);
  }

  /** Makes a block from a module tree and weights. */
  @FunctionalInterface
  public interface Reader {
    /** {@return the block; every child and tensor of the module has to be asked for} */
    Block read(ModuleScope scope);
  }

  /** Checks that nothing is missing. */
  public BlockType {
    requireNonNull(name, "name");
    requireNonNull(reader, "reader");
  }

  /** {@return the class name in Python, without its module path} */
  public String className() {
    return className(name);
  }

  public static String className(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
