package ai.irmb.internal.checkpoint;

import ai.irmb.internal.weights.pickle.PickleBuilder;
import ai.irmb.internal.weights.pickle.PickleInstructions;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes single instructions of a pickle, so that most of it stays valid. */
final class PickleMutator {
  private static final int PROTO = 1;
  private static final int MAX_BLOCK = 40;

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

  /** Opcodes without an argument. */
  private static final int[] WITHOUT_ARGUMENT = {
    '(', '0', '1', '2', 'N', 'Q', 'R', 'a', 'b', 'd', '}', 'e', 'l', ']', 'o', 's', 't', ')', 'u',
    0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8F, 0x90, 0x91, 0x92, 0x93, 0x94
  };

  private final Random random;
  private final List<byte[]> instructions;

  private PickleMutator(Random random, byte[] pickle) {
    this.random = random;
    this.instructions = new ArrayList<>(PickleInstructions.split(pickle));
  }

  /** {@return a copy of a pickle with one to three changes} */
  static byte[] mutate(byte[] pickle, Random random) {
    PickleMutator mutator = new PickleMutator(random, pickle);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      mutator.change();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    mutator.instructions.forEach(out::writeBytes);
    return out.toByteArray();
  }

  private void change() {
    int at = randomIndex();
    switch (random.nextInt(9)) {
      case 0 -> instructions.remove(at);
      case 1 -> instructions.add(at, instructions.get(at).clone());
      case 2 -> instructions.set(at, instructions.set(randomIndex(), instructions.get(at)));
      case 3 -> instructions.add(at, instruction());
      case 4 -> instructions.set(at, instruction());
      case 5 ->
          instructions.get(at)[0] =
              (byte) WITHOUT_ARGUMENT[random.nextInt(WITHOUT_ARGUMENT.length)];
      case 6 -> instructions.set(at, sameOpcode(instructions.get(at)));
      case 7 -> instructions.addAll(at, block());
      default -> {
        instructions.subList(at, instructions.size() - 1).clear();
        if (random.nextBoolean()) {
          instructions.remove(instructions.size() - 1);
        }
      }
    }
  }

  /** {@return the index of an instruction between the first and the last} */
  private int randomIndex() {
    return instructions.size() <= PROTO + 2
        ? PROTO
        : PROTO + random.nextInt(instructions.size() - PROTO - 1);
  }

  private List<byte[]> block() {
    int from = randomIndex();
    int to = Math.min(from + 1 + random.nextInt(MAX_BLOCK), instructions.size() - 1);
    return new ArrayList<>(instructions.subList(from, Math.max(from, to)));
  }

  /** {@return an instruction of the same kind with another argument} */
  private byte[] sameOpcode(byte[] old) {
    return switch (old[0] & 0xFF) {
      case 'c' -> global();
      case 'X', 0x8C -> text();
      case 'K', 'M', 'J', 0x8A -> number();
      case 'h', 'j' -> new PickleBuilder().op('j').int32(random.nextInt(5_000)).bytesSoFar();
      case 'q', 'r' -> new PickleBuilder().op('r').int32(random.nextInt(5_000)).bytesSoFar();
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
      case 3 -> sameOpcode(new byte[] {'h'});
      case 4 -> sameOpcode(new byte[] {'q'});
      case 5 -> instructions.get(randomIndex()).clone();
      default -> new byte[] {(byte) WITHOUT_ARGUMENT[random.nextInt(WITHOUT_ARGUMENT.length)]};
    };
  }

  private byte[] global() {
    return new PickleBuilder()
        .op('c')
        .utf8(NAMES[random.nextInt(NAMES.length)] + "\n")
        .bytesSoFar();
  }

  private byte[] text() {
    return new PickleBuilder().text(TEXTS[random.nextInt(TEXTS.length)]).bytesSoFar();
  }

  private byte[] number() {
    return new PickleBuilder().number(NUMBERS[random.nextInt(NUMBERS.length)]).bytesSoFar();
  }
}
