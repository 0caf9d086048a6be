package ai.irmb.internal.ops.torchscript;

import java.util.Arrays;

/**
 * A program without the sizes of its feature maps, and the sizes as arguments. Programs for images
 * of other shapes mostly have the same text, and share one loaded module
 * (docs/decisions/sizes-as-arguments.md).
 *
 * @param text of the program, in which {@code s[i]} is the i-th size
 * @param sizes for one shape of the image
 */
@SuppressWarnings("ArrayRecordComponent")
record SizeArguments(String text, long[] sizes) {
  /** {@return the program with each {@linkplain TorchScript#size size} as an argument} */
  static SizeArguments extract(String program) {
    StringBuilder text = new StringBuilder(program.length());
    long[] sizes = new long[64];
    int count = 0;
    int from = 0;
    for (int open = program.indexOf(TorchScript.SIZE);
        open >= 0;
        open = program.indexOf(TorchScript.SIZE, from)) {
      int close = program.indexOf(TorchScript.SIZE, open + 1);
      if (count == sizes.length) {
        sizes = Arrays.copyOf(sizes, 2 * count);
      }
      sizes[count] = Long.parseLong(program, open + 1, close, 10);
      text.append(program, from, open).append("s[").append(count++).append(']');
      from = close + 1;
    }
    text.append(program, from, program.length());
    return new SizeArguments(text.toString(), Arrays.copyOf(sizes, count));
  }
}
