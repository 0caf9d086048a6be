package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The map that was partitioned into windows, without the padding; the inverse of {@link ToWindows}.
 */
record FromWindows() implements Instruction {
  @Override
  public void print(InstructionPrinter out) {
    Symbol source = out.symbol().inputs().get(0);
    Windows windows = requireNonNull(source.windows(), "windows");
    int n = source.size(0);
    int c = source.size(1);
    int h = out.symbol().size(2);
    int w = out.symbol().size(3);
    String cut =
        out.let(TorchScript.reshape(TorchScript.toNhwc(out.input(0)), windows.sizes(n, c)));
    String sizes =
        TorchScript.sizes(TorchScript.size(n), TorchScript.size(h), TorchScript.size(w), c);
    String map = out.let(TorchScript.call("torch.new_empty", cut, sizes));
    List<WindowTiles.Tile> tiles = WindowTiles.of(windows, h, w);
    for (WindowTiles.Tile tile : tiles) {
      out.let("torch.copy_(" + tile.viewOfMap(map, n, c) + ", " + tile.viewOfWindows(cut) + ")");
    }
    out.result(TorchScript.toNchw(map));
  }
}
