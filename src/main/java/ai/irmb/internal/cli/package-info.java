/** The command line: what a person does without writing Java. Needs picocli. */
@NullMarked
package ai.irmb.internal.cli;

import org.jspecify.annotations.NullMarked;
