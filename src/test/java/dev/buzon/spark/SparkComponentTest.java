package dev.buzon.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.buzon.engine.SharedSpark;
import dev.buzon.spark.annotations.AnnotatedRddCallback;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.CatalogCamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDDLike;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real local Spark, which the component starts for itself. */
class SparkComponentTest extends CamelTestSupport {

    private static final RddCallback<Long> COUNT = (rdd, payloads) -> rdd.count();
    private static final RddCallback<Object> LINES = (rdd, payloads) -> rdd;
    private static final DataFrameCallback<Long> COUNT_ROWS = (frame, payloads) -> frame.count();

    /** Spark compiles what it runs otherwise, which takes longer than all of it. */
    private static final Map<String, String> WITHOUT_COMPILER = Map.of(
            "spark.sql.codegen.wholeStage", "false",
            "spark.sql.codegen.factoryMode", "NO_CODEGEN",
            "spark.sql.adaptive.enabled", "false");

    @TempDir
    private Path folder;

    @BeforeAll
    static void begin() {
        SharedSpark.end();
        WITHOUT_COMPILER.forEach(System::setProperty);
    }

    @AfterAll
    static void end() {
        WITHOUT_COMPILER.keySet().forEach(System::clearProperty);
    }

    private SparkSession session() {
        return context.getComponent("spark", SparkComponent.class).resolveSession();
    }

    private void bindNumbers() {
        context.getRegistry()
                .bind(
                        "numbers",
                        JavaSparkContext.fromSparkContext(session().sparkContext())
                                .parallelize(List.of(1, 2, 3)));
    }

    private Object send(String uri, Object body, Map<String, Object> headers) {
        return template.requestBodyAndHeaders(uri, body, headers);
    }

    @Test
    void anRddAndACallbackOfTheRegistry() {
        bindNumbers();
        context.getRegistry().bind("count", COUNT);

        assertThat(send("spark:rdd?rdd=#numbers&rddCallback=#count", null, Map.of()))
                .isEqualTo(3L);
    }

    @Test
    void headersComeBeforeOptions() {
        bindNumbers();
        context.getRegistry().bind("count", COUNT);
        Object other =
                JavaSparkContext.fromSparkContext(session().sparkContext()).parallelize(List.of(1));
        RddCallback<String> callback = (rdd, payloads) -> "header " + rdd.count();

        Object result = send(
                "spark:rdd?rdd=#numbers&rddCallback=#count",
                null,
                Map.of(SparkConstants.SPARK_RDD_HEADER, other, SparkConstants.SPARK_RDD_CALLBACK_HEADER, callback));

        assertThat(result).isEqualTo("header 1");
    }

    @Test
    void aListIsSpreadOverThePayloads() {
        bindNumbers();
        context.getRegistry().bind("join", (RddCallback<String>)
                (rdd, payloads) -> rdd.count() + " " + payloads.length + " " + payloads[0] + payloads[1]);

        assertThat(send("spark:rdd?rdd=#numbers&rddCallback=#join", List.of("a", "b"), Map.of()))
                .isEqualTo("3 2 ab");
    }

    @Test
    void aVoidCallbackLeavesNoBody() {
        bindNumbers();
        context.getRegistry().bind("nothing", new VoidRddCallback() {
            @Override
            public void doOnRdd(JavaRDDLike<?, ?> rdd, Object... payloads) {
                rdd.count();
            }
        });

        assertThat(send("spark:rdd?rdd=#numbers&rddCallback=#nothing", "body", Map.of()))
                .isNull();
    }

    @Test
    void aConvertingCallbackGetsTheTypesItNames() {
        bindNumbers();
        context.getRegistry().bind("times", new ConvertingRddCallback<Long>(context, int.class, int.class) {
            @Override
            public Long doOnRdd(JavaRDDLike<?, ?> rdd, Object... payloads) {
                return rdd.count() * (int) payloads[0] * (int) payloads[1];
            }
        });

        assertThat(send("spark:rdd?rdd=#numbers&rddCallback=#times", List.of("10", "10"), Map.of()))
                .isEqualTo(300L);
        assertThatThrownBy(() -> send("spark:rdd?rdd=#numbers&rddCallback=#times", "10", Map.of()))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .hasRootCauseMessage("Received 1 payloads, but expected 2.");
    }

    @Test
    void anAnnotatedMethodIsACallback() {
        bindNumbers();
        context.getRegistry().bind("annotated", AnnotatedRddCallback.annotatedRddCallback(new Multiplying(), context));

        assertThat(send("spark:rdd?rdd=#numbers&rddCallback=#annotated", "10", Map.of()))
                .isEqualTo(30L);
        assertThatThrownBy(() -> AnnotatedRddCallback.annotatedRddCallback("no method"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    /** Has an annotated method. */
    public static final class Multiplying {
        @dev.buzon.spark.annotations.RddCallback
        public long multiply(JavaRDDLike<?, ?> rdd, int by) {
            return rdd.count() * by;
        }
    }

    @Test
    void anRddThatIsReturnedIsCollectedOrHandedOn() {
        bindNumbers();
        context.getRegistry().bind("same", (RddCallback<Object>) (rdd, payloads) -> rdd);

        Object collected = send("spark:rdd?rdd=#numbers&rddCallback=#same", null, Map.of());
        Exchange kept = template.request("spark:rdd?rdd=#numbers&rddCallback=#same&collect=false", exchange -> {});

        assertThat(collected).isEqualTo(List.of(1, 2, 3));
        assertThat(kept.getMessage().getBody()).isInstanceOf(JavaRDDLike.class);
        assertThat(kept.getMessage().getHeader(SparkConstants.SPARK_RDD_HEADER))
                .isSameAs(kept.getMessage().getBody());
    }

    @Test
    void rddAndCallbackCanBeTheComponents() {
        bindNumbers();
        SparkComponent component = context.getComponent("spark", SparkComponent.class);
        component.setRdd(context.getRegistry().lookupByNameAndType("numbers", JavaRDDLike.class));
        component.setRddCallback(COUNT);

        assertThat(send("spark:rdd", null, Map.of())).isEqualTo(3L);
    }

    @Test
    void theFileInTheBodyIsTheDataSetWhateverItsName() throws Exception {
        context.getRegistry().bind("lines", LINES);
        context.getRegistry().bind("countRows", COUNT_ROWS);
        for (String name :
                List.of("_u.txt", ".u.txt", "{a,b}.txt", "[o]k.txt", "*", "a,b", "c:d.txt", "u ñ.txt", "u%20.txt")) {
            // Alone in its folder: a name that is taken for a pattern finds nothing else.
            Path alone = Files.createTempDirectory(folder, "of");
            File file = Files.writeString(alone.resolve(name), "{\"a\":1}\n{\"a\":2}\n")
                    .toFile();
            Files.writeString(alone.resolve("." + name + ".crc"), "planted");

            assertThat(send("spark:rdd?rddCallback=#lines", file, Map.of()))
                    .as(name)
                    .isEqualTo(List.of("{\"a\":1}", "{\"a\":2}"));
            assertThat(send("spark:dataframe?dataFrameCallback=#countRows", file, Map.of()))
                    .as(name)
                    .isEqualTo(2L);
        }
    }

    @Test
    void aFileIsReadWithFormatSchemaAndReaderOptions() throws Exception {
        context.getRegistry().bind("rows", (DataFrameCallback<List<Row>>) (frame, payloads) -> frame.collectAsList());
        Path file = Files.writeString(folder.resolve("a.txt"), "name;cents\nAna;25\n");

        Object rows = template.requestBody(
                "spark:dataframe?dataFrameCallback=#rows&format=csv&schema=RAW(name STRING, cents INT)"
                        + "&reader.header=true&reader.sep=;",
                file);

        assertThat(rows).isEqualTo(List.of(RowFactory.create("Ana", 25)));
    }

    @Test
    void aDataFrameOfTheHeader() {
        Dataset<Row> frame = session().range(5).toDF();

        assertThat(send(
                        "spark:dataframe",
                        null,
                        Map.of(
                                SparkConstants.SPARK_DATAFRAME_HEADER,
                                frame,
                                SparkConstants.SPARK_DATAFRAME_CALLBACK_HEADER,
                                COUNT_ROWS)))
                .isEqualTo(5L);
    }

    @Test
    void aSourceOpensTheFile() throws Exception {
        context.getRegistry().bind("whole", new WholeFiles());
        context.getRegistry().bind("lines", LINES);
        Path file = Files.writeString(folder.resolve("a.txt"), "a");

        assertThat(send("spark:rdd?rddSource=#whole&rddCallback=#lines", file, Map.of()))
                .isEqualTo(List.of(file.toString()));
    }

    @Test
    void aSourceCutsALargeFileBetweenLines() throws Exception {
        context.getRegistry().bind("splits", new FileSplits(4));
        RddCallback<Integer> partitions = (rdd, payloads) -> rdd.getNumPartitions();
        context.getRegistry().bind("partitions", partitions);
        Path file = Files.writeString(folder.resolve("a.txt"), "aaaaa\nb\n");

        assertThat(send("spark:rdd?rddSource=#splits&rddCallback=#partitions", file, Map.of()))
                .isEqualTo(2);
    }

    private JavaRDDLike<?, ?> partitions(int count) {
        return JavaSparkContext.fromSparkContext(session().sparkContext())
                .parallelize(IntStream.range(0, count).boxed().toList(), count);
    }

    @Test
    void aJobJoinsItsValuesInTheOrderOfThePartitions() {
        PartitionJob.Task<Integer, String> number = partition -> partition.next() + " ";

        assertThat(PartitionJob.run(partitions(1), number)).isEqualTo("0 ");
        assertThat(PartitionJob.run(partitions(12), number, String::concat)).isEqualTo("0 1 2 3 4 5 6 7 8 9 10 11 ");
        assertThatThrownBy(() -> PartitionJob.run(partitions(2), number)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aJobFailsWhereATaskOrTheJoiningDoes() {
        PartitionJob.Task<Integer, Integer> failing = partition -> {
            if (partition.next() == 3) {
                throw new IOException("of a task");
            }
            return 0;
        };

        assertThatThrownBy(() -> PartitionJob.run(partitions(5), failing, Integer::sum))
                .isInstanceOf(SparkException.class)
                .hasRootCauseMessage("of a task");
        assertThatThrownBy(() -> PartitionJob.run(partitions(2), partition -> 0, (before, next) -> {
                    throw new UncheckedIOException(new IOException("of the joining"));
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("of the joining");
    }

    @Test
    void hiveRunsTheBodyAsSql() {
        session().range(3).createOrReplaceTempView("three");

        assertThat(send("spark:hive", "SELECT sum(id) FROM three", Map.of())).isEqualTo(List.of(RowFactory.create(3L)));
        assertThat(send("spark:hive?collect=false", "SELECT * FROM three", Map.of()))
                .isEqualTo(3L);
    }

    @Test
    void theSessionOfTheRegistryIsUsed() {
        SparkSession given =
                SparkSession.builder().master("local[1]").getOrCreate().newSession();
        context.getRegistry().bind("given", given);

        assertThat(context.getComponent("spark", SparkComponent.class).resolveSession())
                .isSameAs(given);
    }

    @Test
    void eachJobRunsOnTheSessionThatTheSourceGivesThen() {
        SparkSession first = SparkSession.builder().master("local[1]").getOrCreate();
        SparkSession second = first.newSession();
        first.sql("SET spark.sql.shuffle.partitions=1");
        second.sql("SET spark.sql.shuffle.partitions=2");
        Iterator<SparkSession> sessions = List.of(first, second).iterator();
        context.getComponent("spark", SparkComponent.class).setSessionSource(sessions::next);

        assertThat(List.of(
                        send("spark:hive", "SET spark.sql.shuffle.partitions", Map.of()),
                        send("spark:hive", "SET spark.sql.shuffle.partitions", Map.of())))
                .containsExactly(
                        List.of(RowFactory.create("spark.sql.shuffle.partitions", "1")),
                        List.of(RowFactory.create("spark.sql.shuffle.partitions", "2")));
    }

    @Test
    void theLinkToAFileIsInTheFolderForLinksAndGoesWithTheExchange() throws Exception {
        Path links = Files.createDirectory(folder.resolve("links"));
        Path file = Files.writeString(folder.resolve("two.txt"), "1\n2\n");
        context.getComponent("spark", SparkComponent.class).setLinkFolder(links.toString());
        context.getRegistry().bind("name", (RddCallback<String>) (rdd, payloads) -> rdd.toDebugString());

        assertThat(send("spark:rdd?rddCallback=#name", file, Map.of()).toString())
                .contains(links + "/spark-data-set");
        assertThat(links).isEmptyDirectory();
    }

    @Test
    void aJobIsDescribedByRouteAndFile() throws Exception {
        context.getRegistry().bind("description", (RddCallback<String>)
                (rdd, payloads) -> session().sparkContext().getLocalProperty("spark.job.description"));
        context.addRoutes(new org.apache.camel.builder.RouteBuilder() {
            @Override
            public void configure() {
                from("direct:described").routeId("orders").to("spark:rdd?rddCallback=#description");
            }
        });
        Path file = Files.writeString(folder.resolve("a.txt"), "a");

        Object description = template.requestBodyAndHeader("direct:described", file, Exchange.FILE_NAME_ONLY, "a.txt");

        assertThat(description).isEqualTo("orders: a.txt");
        assertThat(session().sparkContext().getLocalProperty("spark.job.description"))
                .isNull();
    }

    @Test
    void theCatalogueOfTheContextKnowsTheComponent() throws Exception {
        assertThat(((CatalogCamelContext) context).getComponentParameterJsonSchema("spark"))
                .contains("\"rddCallback\"")
                .contains("\"CAMEL_SPARK_RDD\"");
    }

    @Test
    void wrongUseIsSaid() {
        bindNumbers();
        context.getRegistry().bind("count", COUNT);
        context.getRegistry().bind("whole", new WholeFiles());
        context.getRegistry().bind("frame", session().range(1).toDF());

        assertThatThrownBy(() -> send("spark:rdd?rdd=#numbers", null, Map.of()))
                .hasRootCauseMessage("No RDD callback: neither the rddCallback option nor the header "
                        + "CAMEL_SPARK_RDD_CALLBACK is set.");
        assertThatThrownBy(() -> send("spark:dataframe?dataFrame=#frame", null, Map.of()))
                .rootCause()
                .hasMessageStartingWith("No data frame callback");
        assertThatThrownBy(() -> send("spark:rdd?rddCallback=#count", "text", Map.of()))
                .isInstanceOf(CamelExecutionException.class)
                .hasRootCauseMessage("No data set: no RDD is given, and the body is no file but a java.lang.String.");
        assertThatThrownBy(() -> context.getEndpoint("spark:stream"))
                .rootCause()
                .hasMessageContaining("stream");
        assertThatThrownBy(() -> context.getEndpoint("spark:stream"))
                .cause()
                .hasMessage("Unknown endpoint type 'stream': spark:rdd, spark:dataframe or spark:hive.");
        assertThatThrownBy(() -> context.getEndpoint("spark:rdd?rdd=#numbers&dataFrame=#frame"))
                .rootCause()
                .hasMessageStartingWith("Both an RDD and a data frame are given");
        assertThatThrownBy(() -> context.getEndpoint("spark:rdd?rdd=#numbers&rddSource=#whole"))
                .rootCause()
                .hasMessageStartingWith("Both an RDD and an RDD source are given");
        assertThatThrownBy(() -> send(
                        "spark:rdd?rdd=#numbers&rddCallback=#count",
                        null,
                        Map.of(SparkConstants.SPARK_RDD_HEADER, "text")))
                .rootCause()
                .hasMessageStartingWith("Header CAMEL_SPARK_RDD is a java.lang.String");
        assertThatThrownBy(() -> context.getEndpoint("spark:rdd").createConsumer(exchange -> {}))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
