package ai.irmb.internal.block;

import ai.irmb.block.LayerArguments;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Constructor arguments as upstream's table prints them. */
final class Arguments {
  private Arguments() {}

  /** {@return c1, c2 and then what the row says after its channels} */
  static List<@Nullable Object> of(LayerArguments line, int in, int out) {
    List<@Nullable Object> list = new ArrayList<>();
    list.add((long) in);
    list.add((long) out);
    list.addAll(line.printedFrom(1));
    return list;
  }

  /** {@return the same with the number of repeats in third place} */
  static List<@Nullable Object> repeated(LayerArguments line, int in, int out) {
    List<@Nullable Object> list = of(line, in, out);
    list.add(2, (long) line.repeats());
    return list;
  }
}
