/**
 * Runs a network on the engine: images as bytes in, candidate boxes as plain arrays out. Nothing
 * native leaves this package.
 */
@NullMarked
package ai.irmb.internal.execution;

import org.jspecify.annotations.NullMarked;
