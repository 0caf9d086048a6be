package ai.irmb.internal.checkpoint;

import ai.irmb.internal.weights.pickle.Instructions;
import ai.irmb.internal.weights.pickle.Stream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes a pickle instruction by instruction, so that most of it still makes sense. */
final class PickleMutation {
  private static final int PROTO = 1;
  private static final int LARGEST_BLOCK = 40;

  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    7,
    8,
    63,
    64,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    Integer.MAX_VALUE,
    1L << 31,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2,
    -64
  };

  private static final String[] NAMES = {
    "torch\nFloatStorage",
    "torch\nHalfStorage",
    "torch\nBFloat16Storage",
    "torch\nLongStorage",
    "torch\nBoolStorage",
    "torch\nSize",
    "torch\ndevice",
    "torch._utils\n_rebuild_tensor_v2",
    "torch._utils\n_rebuild_parameter",
    "collections\nOrderedDict",
    "__builtin__\nset",
    "builtins\ngetattr",
    "posix\nsystem",
    "models.yolo\nDetect",
    "models.common\niRMB",
    "torch.nn.modules.conv\nConv2d",
    "pathlib\nPosixPath",
    "numpy.core.multiarray\nscalar"
  };

  private static final String[] TEXTS = {
    "",
    "storage",
    "model",
    "ema",
    "_modules",
    "_parameters",
    "_buffers",
    "weight",
    "bias",
    "running_var",
    "yaml",
    "names",
    "nc",
    "stride",
    "anchors",
    "i",
    "f",
    "np",
    "type",
    "0",
    "1",
    "../0",
    "cpu",
    "cuda:0",
    "\u0000",
    "state_dict",
    "half",
    "optimizer"
  };

  /** Those without an argument. */
  private static final int[] PLAIN = {
    '(', '0', '1', '2', 'N', 'Q', 'R', 'a', 'b', 'd', '}', 'e', 'l', ']', 'o', 's', 't', ')', 'u',
    0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8F, 0x90, 0x91, 0x92, 0x93, 0x94
  };

  private final Random random;
  private final List<byte[]> all;

  private PickleMutation(Random random, byte[] pickle) {
    this.random = random;
    this.all = new ArrayList<>(Instructions.of(pickle));
  }

  /** {@return a pickle that differs from this one in one to three places} */
  static byte[] of(byte[] pickle, Random random) {
    PickleMutation mutation = new PickleMutation(random, pickle);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      mutation.change();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    mutation.all.forEach(out::writeBytes);
    return out.toByteArray();
  }

  private void change() {
    int at = place();
    switch (random.nextInt(9)) {
      case 0 -> all.remove(at);
      case 1 -> all.add(at, all.get(at).clone());
      case 2 -> all.set(at, all.set(place(), all.get(at)));
      case 3 -> all.add(at, instruction());
      case 4 -> all.set(at, instruction());
      case 5 -> all.get(at)[0] = (byte) PLAIN[random.nextInt(PLAIN.length)];
      case 6 -> all.set(at, likeness(all.get(at)));
      case 7 -> all.addAll(at, block());
      default -> {
        all.subList(at, all.size() - 1).clear();
        if (random.nextBoolean()) {
          all.remove(all.size() - 1);
        }
      }
    }
  }

  /** {@return the index of an instruction between the first and the last} */
  private int place() {
    return all.size() <= PROTO + 2 ? PROTO : PROTO + random.nextInt(all.size() - PROTO - 1);
  }

  private List<byte[]> block() {
    int from = place();
    int to = Math.min(from + 1 + random.nextInt(LARGEST_BLOCK), all.size() - 1);
    return new ArrayList<>(all.subList(from, Math.max(from, to)));
  }

  /** {@return an instruction of the same kind with another argument} */
  private byte[] likeness(byte[] old) {
    return switch (old[0] & 0xFF) {
      case 'c' -> global();
      case 'X', 0x8C -> text();
      case 'K', 'M', 'J', 0x8A -> number();
      case 'h', 'j' -> new Stream().op('j').int32(random.nextInt(5_000)).cut();
      case 'q', 'r' -> new Stream().op('r').int32(random.nextInt(5_000)).cut();
      default -> {
        byte[] changed = old.clone();
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        yield changed;
      }
    };
  }

  private byte[] instruction() {
    return switch (random.nextInt(8)) {
      case 0 -> global();
      case 1 -> text();
      case 2 -> number();
      case 3 -> likeness(new byte[] {'h'});
      case 4 -> likeness(new byte[] {'q'});
      case 5 -> all.get(place()).clone();
      default -> new byte[] {(byte) PLAIN[random.nextInt(PLAIN.length)]};
    };
  }

  private byte[] global() {
    return new Stream().op('c').utf8(NAMES[random.nextInt(NAMES.length)] + "\n").cut();
  }

  private byte[] text() {
    return new Stream().text(TEXTS[random.nextInt(TEXTS.length)]).cut();
  }

  private byte[] number() {
    return new Stream().number(NUMBERS[random.nextInt(NUMBERS.length)]).cut();
  }
}
