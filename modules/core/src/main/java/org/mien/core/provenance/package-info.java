/** Where a result comes from: fingerprints of what went in, and the circumstances of the run. */
package org.mien.core.provenance;
