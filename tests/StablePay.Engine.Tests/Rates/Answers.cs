namespace StablePay.Engine.Tests.Rates;

/// <summary>
/// One answer of each source in the full shape that it publishes, for Monday 2026-11-23 and the night after it. The
/// shapes are the feeds' own; the numbers are not a recording of the market, they stand near the bundled table.
/// </summary>
internal static class Answers
{
    public const string Ecb = """
        <?xml version="1.0" encoding="UTF-8"?>
        <gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
            <gesmes:subject>Reference rates</gesmes:subject>
            <gesmes:Sender>
                <gesmes:name>European Central Bank</gesmes:name>
            </gesmes:Sender>
            <Cube>
                <Cube time='2026-11-23'>
                    <Cube currency='USD' rate='1.0846'/>
                    <Cube currency='JPY' rate='167.93'/>
                    <Cube currency='CZK' rate='25.31'/>
                    <Cube currency='DKK' rate='7.4589'/>
                    <Cube currency='GBP' rate='0.85133'/>
                    <Cube currency='HUF' rate='409.4'/>
                    <Cube currency='PLN' rate='4.2955'/>
                    <Cube currency='RON' rate='4.977'/>
                    <Cube currency='SEK' rate='11.4965'/>
                    <Cube currency='CHF' rate='0.9367'/>
                    <Cube currency='ISK' rate='144.9'/>
                    <Cube currency='NOK' rate='11.73'/>
                    <Cube currency='TRY' rate='37.19'/>
                    <Cube currency='AUD' rate='1.6603'/>
                    <Cube currency='BRL' rate='6.2811'/>
                    <Cube currency='CAD' rate='1.5123'/>
                    <Cube currency='CNY' rate='7.8611'/>
                    <Cube currency='HKD' rate='8.4481'/>
                    <Cube currency='IDR' rate='17226.41'/>
                    <Cube currency='ILS' rate='4.0535'/>
                    <Cube currency='INR' rate='91.57'/>
                    <Cube currency='KRW' rate='1509.91'/>
                    <Cube currency='MXN' rate='21.947'/>
                    <Cube currency='MYR' rate='4.8292'/>
                    <Cube currency='NZD' rate='1.8523'/>
                    <Cube currency='PHP' rate='63.782'/>
                    <Cube currency='SGD' rate='1.4542'/>
                    <Cube currency='THB' rate='37.472'/>
                    <Cube currency='ZAR' rate='19.64'/>
                </Cube>
            </Cube>
        </gesmes:Envelope>
        """;

    public const string OpenExchangeRateApi = """
        {
         "result":"success",
         "provider":"https://www.exchangerate-api.com",
         "documentation":"https://www.exchangerate-api.com/docs/free",
         "terms_of_use":"https://www.exchangerate-api.com/terms",
         "time_last_update_unix":1795478551,
         "time_last_update_utc":"Tue, 24 Nov 2026 00:02:31 +0000",
         "time_next_update_unix":1795565761,
         "time_next_update_utc":"Wed, 25 Nov 2026 00:16:01 +0000",
         "time_eol_unix":0,
         "base_code":"USD",
         "rates":{
          "USD":1,
          "AFN":70.41,
          "AED":3.6725,
          "AUD":1.53107,
          "BHD":0.376001,
          "BRL":5.79179,
          "CAD":1.39508,
          "EUR":0.923815,
          "GBP":0.784845,
          "HKD":7.76654,
          "IDR":15879.5,
          "JPY":154.628,
          "KRW":1394.09,
          "KWD":0.307264,
          "MXN":20.2633,
          "MYR":4.45386,
          "OMR":0.3845,
          "PHP":58.6949,
          "QAR":3.64,
          "SAR":3.75,
          "SGD":1.3378,
          "THB":34.6319,
          "VND":25461.2,
          "ZAR":18.1063,
          "ZWL":26.6841
         }
        }
        """;

    public const string FloatRates = """
        {"eur":{"code":"EUR","alphaCode":"EUR","numericCode":"978","name":"Euro","rate":0.92307692307692,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":1.0833333333333},
        "gbp":{"code":"GBP","alphaCode":"GBP","numericCode":"826","name":"U.K. Pound Sterling","rate":0.78429524931292,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":1.2750300360433},
        "aud":{"code":"AUD","alphaCode":"AUD","numericCode":"036","name":"Australian Dollar","rate":1.5286195286195,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.65418502202643},
        "cad":{"code":"CAD","alphaCode":"CAD","numericCode":"124","name":"Canadian Dollar","rate":1.3942442022911,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.71723446893788},
        "jpy":{"code":"JPY","alphaCode":"JPY","numericCode":"392","name":"Japanese Yen","rate":154.2265492196,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.0064839679358717},
        "hkd":{"code":"HKD","alphaCode":"HKD","numericCode":"344","name":"Hong Kong Dollar","rate":7.7766536964981,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.12859001300911},
        "sgd":{"code":"SGD","alphaCode":"SGD","numericCode":"702","name":"Singapore Dollar","rate":1.3384677203322,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.74712298609026},
        "krw":{"code":"KRW","alphaCode":"KRW","numericCode":"410","name":"South Korean Won","rate":1393.1111421001,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.00071781781781782},
        "idr":{"code":"IDR","alphaCode":"IDR","numericCode":"360","name":"Indonesian Rupiah","rate":15874.781503258,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.000062992992992993},
        "php":{"code":"PHP","alphaCode":"PHP","numericCode":"608","name":"Philippine Peso","rate":58.777189888301,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.017013402680536},
        "vnd":{"code":"VND","alphaCode":"VND","numericCode":"704","name":"Vietnamese Dong","rate":25412.960609911,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.00003935},
        "thb":{"code":"THB","alphaCode":"THB","numericCode":"764","name":"Thai Baht","rate":34.538541306602,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.028953162530024},
        "myr":{"code":"MYR","alphaCode":"MYR","numericCode":"458","name":"Malaysian Ringgit","rate":4.4645563976817,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.22398641901338},
        "mxn":{"code":"MXN","alphaCode":"MXN","numericCode":"484","name":"Mexican Peso","rate":20.295726149483,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.049271457085828},
        "brl":{"code":"BRL","alphaCode":"BRL","numericCode":"986","name":"Brazilian Real","rate":5.7796414112204,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.17302111478035},
        "aed":{"code":"AED","alphaCode":"AED","numericCode":"784","name":"U.A.E Dirham","rate":3.6725010466628,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.272294},
        "sar":{"code":"SAR","alphaCode":"SAR","numericCode":"682","name":"Saudi Riyal","rate":3.7499953125059,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.266667},
        "qar":{"code":"QAR","alphaCode":"QAR","numericCode":"634","name":"Qatari Rial","rate":3.6400036400036,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":0.274725},
        "kwd":{"code":"KWD","alphaCode":"KWD","numericCode":"414","name":"Kuwaiti Dinar","rate":0.30726411612744,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":3.2545290761686},
        "omr":{"code":"OMR","alphaCode":"OMR","numericCode":"512","name":"Omani Rial","rate":0.384500034605,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":2.60078},
        "bhd":{"code":"BHD","alphaCode":"BHD","numericCode":"048","name":"Bahraini Dinar","rate":0.37600063168106,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":2.65957},
        "chf":{"code":"CHF","alphaCode":"CHF","numericCode":"756","name":"Swiss Franc","rate":0.86300904,"date":"Mon, 23 Nov 2026 23:55:08 GMT","inverseRate":1.1587364136997}}
        """;

    public const string CurrencyApi = """
        {
            "date": "2026-11-24",
            "usd": {
                "1inch": 4.40528624,
                "aave": 0.0058,
                "aed": 3.672501,
                "aud": 1.53106826,
                "bhd": 0.376000632,
                "brl": 5.78311163,
                "cad": 1.39438391,
                "eur": 0.922615754,
                "gbp": 0.785708677,
                "hkd": 7.77431907,
                "idr": 15873.1924,
                "jpy": 154.473806,
                "krw": 1392.27444,
                "kwd": 0.307571657,
                "mxn": 20.2531902,
                "myr": 4.46633972,
                "omr": 0.384500035,
                "php": 58.8888889,
                "qar": 3.64000364,
                "sar": 3.74999531,
                "sgd": 1.33672649,
                "thb": 34.6284134,
                "vnd": 25415.5019,
                "shib": 1.1e5,
                "usd": 1,
                "zwl": 26.6841
            }
        }
        """;
}
