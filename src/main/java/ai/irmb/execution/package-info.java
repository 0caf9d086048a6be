/**
 * Runs a network on the engine: pictures as bytes in, candidate boxes as plain arrays out. Nothing
 * native leaves this package.
 */
@NullMarked
package ai.irmb.execution;

import org.jspecify.annotations.NullMarked;
