/**
 * The operations that networks consist of. Blocks are written once against {@link ai.irmb.ops.Ops};
 * each interpretation (eager, TorchScript, shapes, ONNX) is a sub-package that implements it and
 * knows nothing of the others.
 */
@NullMarked
package ai.irmb.ops;

import org.jspecify.annotations.NullMarked;
