/** The library beside ONNX Runtime, in one run, on the machine at hand. */
@NullMarked
package ai.irmb.bench;

import org.jspecify.annotations.NullMarked;
