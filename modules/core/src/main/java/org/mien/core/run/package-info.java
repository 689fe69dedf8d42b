/**
 * The files of a run, and how a file that matters is written. {@link
 * org.mien.core.run.RunDirectory} alone knows the names; what is in the files belongs to the
 * packages that write them.
 */
package org.mien.core.run;
