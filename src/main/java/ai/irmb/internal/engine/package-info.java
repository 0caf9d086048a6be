/**
 * The PyTorch engine as an object of the process: {@link ai.irmb.internal.engine.PyTorchEngine}
 * owns everything that is process-wide, and everything else asks it.
 */
@NullMarked
package ai.irmb.internal.engine;

import org.jspecify.annotations.NullMarked;
