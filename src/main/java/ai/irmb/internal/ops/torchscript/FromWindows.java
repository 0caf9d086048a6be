package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** The map that windows were cut from, without the rows and columns beyond its shape. */
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
        out.let(
            TorchScript.reshape(
                TorchScript.toNhwc(out.input(0)),
                n,
                windows.rows(),
                windows.columns(),
                windows.height(),
                windows.width(),
                c));
    String map = out.let(TorchScript.call("torch.new_empty", cut, TorchScript.list(n, h, w, c)));
    List<WindowTiles.Tile> pieces = WindowTiles.of(windows, h, w);
    for (WindowTiles.Tile piece : pieces) {
      out.let("torch.copy_(" + piece.viewOfMap(map, n, c) + ", " + piece.viewOfWindows(cut) + ")");
    }
    out.result(TorchScript.toNchw(map));
  }
}
