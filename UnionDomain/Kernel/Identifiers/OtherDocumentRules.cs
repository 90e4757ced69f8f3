namespace UnionDomain.Kernel.Identifiers;

/// <summary>Why a text is not the number of a passport or permit.</summary>
public static class OtherDocumentRules
{
    /// <summary>No kind of document stands before the number.</summary>
    public static readonly Refusal UnknownKind = new("other-document.unknown-kind",
        "The kind of document is not 2 (passport), 3 (permit of Hong Kong and Macao residents) or 4 (permit of Taiwan residents).", "证件类型不是2（护照）、3（港澳居民来往内地通行证）或4（台湾居民来往大陆通行证）。");

    /// <summary>Not 5–15 letters and digits with a digit among them.</summary>
    public static readonly Refusal WrongPassport = new("other-document.wrong-passport",
        "The passport number is not 5 to 15 letters and digits with at least one digit.", "护照号码不是5至15位字母和数字（至少含一位数字）。", "ICAO Doc 9303");

    /// <summary>Not H or M with 8 or 10 digits.</summary>
    public static readonly Refusal WrongHongKongMacaoPermit = new("other-document.wrong-hong-kong-macao-permit",
        "The number of the Mainland travel permit for Hong Kong and Macao residents is not H or M followed by 8 or 10 digits.", "港澳居民来往内地通行证号码不是H或M加8位或10位数字。");

    /// <summary>Not 8 or 10 digits.</summary>
    public static readonly Refusal WrongTaiwanPermit = new("other-document.wrong-taiwan-permit",
        "The number of the Mainland travel permit for Taiwan residents is not 8 or 10 digits.", "台湾居民来往大陆通行证号码不是8位或10位数字。");
}
