package dev.buzon.cli;

import org.apache.camel.impl.DefaultCamelContext;
import org.apache.spark.package$;
import picocli.CommandLine.IVersionProvider;

/** The version of Buzón and of what it runs on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String own = Buzon.class.getPackage().getImplementationVersion();
        return new String[] {
            "Buzón " + (own == null ? "(unpackaged)" : own),
            "Camel " + DefaultCamelContext.class.getPackage().getImplementationVersion() + ", Spark "
                    + package$.MODULE$.SPARK_VERSION() + ", Java " + Runtime.version()
        };
    }
}
